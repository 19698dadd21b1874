import { lines } from "../mezod/releases.ts";
import type { Network } from "./schema.ts";

type Upgrade = NonNullable<Network["upgrade"]>;
/** An upgrade at a height at which the old release stops. */
export type Plan = Extract<Upgrade, { height: number }>;
/** An upgrade to a release that must run before a height. */
export type Fork = Extract<Upgrade, { before: number }>;

/** The plan that the network waits for. */
export const planOf = ({ upgrade }: Pick<Network, "upgrade">): Plan | undefined =>
  upgrade && "height" in upgrade ? upgrade : undefined;

/** The fork before which the network takes a release. */
export const forkOf = ({ upgrade }: Pick<Network, "upgrade">): Fork | undefined =>
  upgrade && "before" in upgrade ? upgrade : undefined;

/** The image that the network runs: that for a fork runs at once. */
export function imageOf(network: Pick<Network, "image" | "upgrade">): Network["image"] {
  const fork = forkOf(network);
  if (!fork) return network.image;
  const { before: _, ...release } = fork;
  return { ...release, repository: network.image.repository };
}

/** The release of mezod that an image holds: what it says beside a digest, or its tag. */
export const releaseIn = ({ tag, release }: Pick<Network["image"], "tag" | "release">): string =>
  // checks/ refuses an image that says neither.
  release ?? tag ?? lines[0].from;

/** What says which releases a network runs. */
export type Released = Pick<Network, "image" | "stagedUpgrade" | "upgrade">;

/** The release that a validator runs; without an index, the one that the network names for all. */
export function releaseOf(network: Released, index?: number): string {
  const { stagedUpgrade } = network;
  const isStaged = stagedUpgrade !== undefined && index !== undefined && stagedUpgrade.validators.includes(index);
  return releaseIn(isStaged ? stagedUpgrade : imageOf(network));
}

/** The releases that a validator's pod holds: that which it runs, and after it that of the plan which the network waits for. */
export function releasesOf(network: Released, index?: number): string[] {
  const plan = planOf(network);
  return [releaseOf(network, index), ...(plan ? [releaseIn(plan)] : [])];
}
