import { rm } from "node:fs/promises";
import type { Place } from "./location.ts";
import { removeCgroups } from "./node/machine.ts";
import { killStartedIn } from "./supervisor.ts";

/** Removes whatever a cluster may have left: processes, cgroups, its folder. */
export async function removeLeft(place: Place): Promise<void> {
  await killStartedIn(place.folder);
  await removeCgroups(place);
  await rm(place.folder, { recursive: true, force: true, maxRetries: 10 });
}
