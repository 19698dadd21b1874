import type { Sidecars } from "../mezod/line.ts";
import { lineOf, lines } from "../mezod/releases.ts";
import { type Released, releasesOf } from "./release.ts";
import type { Network } from "./schema.ts";

type Bridged = Released & Pick<Network, "ethereumSidecar">;
type Every = Pick<Network, "validators">;

/** What a release wants beside a validator's node. */
const wantedBy = (release: string): Sidecars =>
  // checks/ refuses a release that is older than all lines.
  (lineOf(release) ?? lines[0]).sidecars;

/** What the releases in a validator's pod want beside its node. With a planned upgrade these are two, and it needs both's. */
const wanted = (network: Released, index: number): Sidecars[] => releasesOf(network, index).map(wantedBy);

/** Whether a validator has an ethereum-sidecar of its own in its pod: one that the bridge counts, from v4 on. */
export function hasOwnSidecar(network: Bridged, index: number): boolean {
  const { bridge } = network.ethereumSidecar;
  return (
    wanted(network, index).some(({ ethereum }) => ethereum === "own") &&
    (bridge === undefined || bridge.includes(index))
  );
}

/** Whether any validator has an ethereum-sidecar of its own. */
export const hasOwnSidecars = (network: Bridged & Every) =>
  network.validators.some(({ index }) => hasOwnSidecar(network, index));

/** Whether there is an ethereum-sidecar that validators share: as long as one of them may run a release before v4. */
export const hasSharedSidecar = (network: Released & Every) =>
  network.validators.some(({ index }) => wanted(network, index).some(({ ethereum }) => ethereum === "shared"));

/** Whether validators go from the ethereum-sidecar that they share to own ones with the planned upgrade, so with v4. */
export function leavesSharedSidecar(network: Released): boolean {
  const [running, next] = releasesOf(network).map(wantedBy);
  return running?.ethereum === "shared" && next?.ethereum === "own";
}

/** Whether a validator has a Connect, which tells it prices: from v0.3 on. */
export const hasConnect = (network: Released, index: number) => wanted(network, index).some(({ connect }) => connect);

/** The validators that have a Connect, by index. */
export const withConnect = (network: Released & Every): number[] =>
  network.validators.map(({ index }) => index).filter((index) => hasConnect(network, index));

/** The first release that wants a Connect beside a validator's node. */
export const releaseWithConnect = (network: Released, index: number): string | undefined =>
  releasesOf(network, index).find((release) => wantedBy(release).connect);

/** The network that an ethereum-sidecar looks for the bridge's contract on: Ethereum's own, or its testnet. */
export const ethereumNetwork = ({ chain }: Pick<Network, "chain">) =>
  chain.id.startsWith("mezo_31612-") ? "mainnet" : "sepolia";
