import { processesOf } from "../process/processes.ts";
import { isRunning, readState } from "../state.ts";
import { eventually } from "../wait.ts";
import { removeCluster } from "./current.ts";

/** Ends the cluster and removes all of it; returns the exit code. */
export async function down(): Promise<number> {
  const state = readState();
  if (!state) {
    console.log("no cluster is up: nothing to do");
    return 0;
  }
  const { folder } = state.location;
  const count = processesOf(state.location).length;
  const wasRunning = isRunning(state);
  if (wasRunning) {
    process.kill(state.pid, "SIGTERM");
    await eventually(() => !isRunning(state), 30).catch(() => process.kill(state.pid, "SIGKILL"));
  }
  await removeCluster(state);
  console.log(`${wasRunning ? "" : "the cluster had died; "}ended ${count} processes, removed ${folder}`);
  return 0;
}
