import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import { eventually } from "../wait.ts";

const hierarchies = "/sys/fs/cgroup";

/** The cgroup that contains those of the node's pods. */
export const cgroupName = ({ folder }: ClusterLocation) => basename(folder);

/** Removes the cgroups that a node left, if there was one. Throws when a process is left in one of them. */
export async function removeCgroups(location: ClusterLocation): Promise<void> {
  for (const group of cgroupFolders(location)) {
    const inner = readdirSync(group, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      // The innermost first: a cgroup's files go with it, its child cgroups do not.
      .sort((a, b) => b.length - a.length);
    // The last process of one may still be ending.
    for (const path of [...inner, group]) await eventually(() => removeFolder(path), 10, `the removal of ${path}`);
  }
}

/** cgroup v1 has a hierarchy for each controller, cgroup v2 only one. */
function cgroupFolders(location: ClusterLocation): string[] {
  if (!existsSync(hierarchies)) return [];
  return ["", ...readdirSync(hierarchies)]
    .map((hierarchy) => join(hierarchies, hierarchy, cgroupName(location)))
    .filter((path) => existsSync(path));
}

function removeFolder(path: string): true {
  rmdirSync(path);
  return true;
}
