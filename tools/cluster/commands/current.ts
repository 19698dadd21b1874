import { rmSync } from "node:fs";
import { cleanUp } from "../process/clean-up.ts";
import { type ClusterState, isRunning, readState, stateFile } from "../state.ts";

/** The cluster that is up. Where its process has died, what it left is removed, and there is none. */
export async function currentCluster(): Promise<ClusterState | undefined> {
  const state = readState();
  if (!state || isRunning(state)) return state;
  await removeCluster(state);
  console.error(`a cluster had died: removed what it left in ${state.location.folder}`);
  return undefined;
}

/** Removes whatever is left of a cluster whose process has ended. */
export async function removeCluster({ location }: Pick<ClusterState, "location">): Promise<void> {
  await cleanUp(location);
  rmSync(stateFile(), { force: true });
}
