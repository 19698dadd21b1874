import { connectName, serviceHost } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { hasConnect } from "generators/network/sidecars.ts";

/** What a node is told beside its files: its own address, whom it may take the chain's state from, and its Connect. */
export const told = (network: Network, validator: Validator) =>
  Object.entries({
    ...ownAddress(network, validator),
    ...(network.stateSync?.validators.includes(validator.index) && servers(network.stateSync)),
    ...oracle(network, validator),
  }).map(([name, value]) => ({ name: `MEZOD_${name}`, value }));

const ownAddress = ({ gke, ports }: Network, { address, host }: Validator) =>
  gke && { P2P_EXTERNAL_ADDRESS: `${address ?? host}:${ports.p2p}` };

/** Whom a node may take the chain's state from, and what it trusts. */
export const servers = (stateSync: Network["stateSync"]) =>
  stateSync && {
    STATESYNC_ENABLE: "true",
    STATESYNC_RPC_SERVERS: stateSync.rpcServers.join(","),
    STATESYNC_TRUST_HEIGHT: String(stateSync.trustHeight),
    STATESYNC_TRUST_HASH: stateSync.trustHash,
  };

/** Each validator has a Connect of its own, and all read one file. */
const oracle = (network: Network, { index }: Validator) =>
  hasConnect(network, index) && {
    ORACLE_ORACLE_ADDRESS: `${serviceHost(network, connectName(network, index))}:${network.connectSidecar?.port}`,
  };
