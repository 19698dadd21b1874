import type { Sidecars } from "../mezod/line.ts";
import { lineOf, lines } from "../mezod/releases.ts";
import { releaseOf } from "./release.ts";
import type { Network } from "./schema.ts";

type Released = Pick<Network, "image" | "stagedUpgrade" | "upgrade">;
type Bridged = Released & Pick<Network, "ethereumSidecar">;
type Every = Pick<Network, "validators">;

/** What a validator's release wants beside its node. */
const wanted = (network: Released, index: number): Sidecars =>
  // checks/ refuses a release that is older than all lines.
  (lineOf(releaseOf(network, index)) ?? lines[0]).sidecars;

/** Whether a validator has an ethereum-sidecar of its own in its pod: one that the bridge counts, from v4 on. */
export function hasOwnSidecar(network: Bridged, index: number): boolean {
  const { bridge } = network.ethereumSidecar;
  return wanted(network, index).ethereum === "own" && (bridge === undefined || bridge.includes(index));
}

/** Whether any validator has an ethereum-sidecar of its own. */
export const hasOwnSidecars = (network: Bridged & Every) =>
  network.validators.some(({ index }) => hasOwnSidecar(network, index));

/** Whether there is an ethereum-sidecar that validators share: as long as one of them runs a release before v4. */
export const hasSharedSidecar = (network: Released & Every) =>
  network.validators.some(({ index }) => wanted(network, index).ethereum === "shared");

/** Whether a validator has a Connect, which tells it prices: from v0.3 on. */
export const hasConnect = (network: Released, index: number) => wanted(network, index).connect;

/** The validators that have a Connect, by index. */
export const withConnect = (network: Released & Every): number[] =>
  network.validators.map(({ index }) => index).filter((index) => hasConnect(network, index));

/** The network that an ethereum-sidecar looks for the bridge's contract on: Ethereum's own, or its testnet. */
export const ethereumNetwork = ({ chain }: Pick<Network, "chain">) =>
  chain.id.startsWith("mezo_31612-") ? "mainnet" : "sepolia";
