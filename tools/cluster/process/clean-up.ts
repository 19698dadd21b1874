import { rm } from "node:fs/promises";
import type { ClusterLocation } from "../location.ts";
import { removeCgroups } from "../node/cgroups.ts";
import { killProcessesOf } from "./processes.ts";

/** Removes whatever a cluster may have left: processes, cgroups and its folder. */
export async function cleanUp(location: ClusterLocation): Promise<void> {
  await killProcessesOf(location);
  await removeCgroups(location);
  await rm(location.folder, { recursive: true, force: true, maxRetries: 10 });
}
