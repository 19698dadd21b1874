// Runs before each file of tests with a cluster: beneath what fails stands what the cluster's programs said meanwhile, for
// their logs go with the cluster.

import type { Place } from "tools/cluster/location.ts";
import { logsSince } from "tools/cluster/logs.ts";
import { afterAll, beforeEach, inject, type RunnerTestSuite } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the cluster is; none where tests with a real node are skipped. */
    place: Place | undefined;
  }
}

const place = inject("place");

function showLogs(since: number): void {
  const logs = place && logsSince(place, since);
  if (logs) console.error(logs);
}

beforeEach(({ onTestFailed }) => {
  const begun = Date.now();
  onTestFailed(() => showLogs(begun));
});

const fileBegun = Date.now();
// biome-ignore lint/correctness/noEmptyPattern: vitest takes no other first argument, and the second is the file.
afterAll(({}, file) => {
  if (hasFailedHook(file)) showLogs(fileBegun);
});

/** Whether it failed by itself, and not by a test that has said so. */
const hasFailedHook = ({ result, tasks }: Pick<RunnerTestSuite, "result" | "tasks">): boolean =>
  (result?.errors ?? []).length > 0 || tasks.some((task) => task.type === "suite" && hasFailedHook(task));
