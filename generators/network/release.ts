import { lines } from "../mezod/releases.ts";
import type { Network } from "./schema.ts";

/** The release of mezod that an image holds: what it says beside a digest, or its tag. */
export const releaseIn = ({ tag, release }: Pick<Network["image"], "tag" | "release">): string =>
  // checks/ refuses an image that says neither.
  release ?? tag ?? lines[0].from;

/** The release that a validator runs; without an index, the one that the network names for all. */
export function releaseOf({ image, stagedUpgrade }: Pick<Network, "image" | "stagedUpgrade">, index?: number): string {
  const isStaged = stagedUpgrade !== undefined && index !== undefined && stagedUpgrade.validators.includes(index);
  return releaseIn(isStaged ? stagedUpgrade : image);
}
