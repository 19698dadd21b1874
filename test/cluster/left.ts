import { rm } from "node:fs/promises";
import { removeCgroups } from "./node/machine.ts";
import type { Place } from "./place.ts";
import { killStartedIn } from "./supervise.ts";

/** Removes whatever a cluster may have left: processes, cgroups, its folder. */
export async function removeLeft(place: Place): Promise<void> {
  await killStartedIn(place.folder);
  await removeCgroups(place);
  await rm(place.folder, { recursive: true, force: true, maxRetries: 10 });
}
