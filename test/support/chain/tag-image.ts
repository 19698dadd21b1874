import type { ClusterLocation } from "tools/cluster/location.ts";
import { ctr } from "tools/cluster/node/containerd.ts";
import { fullName } from "tools/cluster/node/images.ts";

/** Gives an image of the node another name, with a tag or a digest. */
export const tagImage = (location: ClusterLocation, name: string, other: string) =>
  ctr(location, "images", "tag", "--force", fullName(name), fullName(other));
