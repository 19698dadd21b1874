// Runs before each file of tests with a cluster. It prints, below each test that fails, what the cluster's programs logged
// meanwhile, because their logs are removed with the cluster.
import type { ClusterLocation } from "tools/cluster/location.ts";
import { afterAll, beforeEach, inject, type RunnerTestSuite } from "vitest";
import { logsSince } from "./logs-since.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the cluster is; undefined where tests with a real node are skipped. */
    location: ClusterLocation | undefined;
  }
}

const location = inject("location");

function printLogs(since: number): void {
  const logs = location && logsSince(location, since);
  if (logs) console.error(logs);
}

beforeEach(({ onTestFailed }) => {
  const start = Date.now();
  onTestFailed(() => printLogs(start));
});

const fileStart = Date.now();
// biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument, and the file is the second.
afterAll(({}, file) => {
  if (hasFailedHook(file)) printLogs(fileStart);
});

/** Whether a hook failed, as opposed to a test, which has printed the logs already. */
const hasFailedHook = ({ result, tasks }: Pick<RunnerTestSuite, "result" | "tasks">): boolean =>
  (result?.errors ?? []).length > 0 || tasks.some((task) => task.type === "suite" && hasFailedHook(task));
