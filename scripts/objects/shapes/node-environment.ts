import type { Network, Validator } from "generators/network/schema.ts";

/** What a node is told beside its files: its own address, and whom it may take the chain's state from. */
export const told = (network: Network, validator: Validator) =>
  Object.entries({ ...ownAddress(network, validator), ...servers(network, validator) }).map(([name, value]) => ({
    name: `MEZOD_${name}`,
    value,
  }));

const ownAddress = ({ gke, ports }: Network, { address, host }: Validator) =>
  gke && { P2P_EXTERNAL_ADDRESS: `${address ?? host}:${ports.p2p}` };

const servers = ({ stateSync }: Network, { index }: Validator) =>
  stateSync?.validators.includes(index) && {
    STATESYNC_ENABLE: "true",
    STATESYNC_RPC_SERVERS: stateSync.rpcServers.join(","),
    STATESYNC_TRUST_HEIGHT: String(stateSync.trustHeight),
    STATESYNC_TRUST_HASH: stateSync.trustHash,
  };
