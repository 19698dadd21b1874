import { join } from "node:path";
import { startCluster } from "tools/cluster/cluster.ts";
import { nodeMissing } from "tools/cluster/node/requirements.ts";
import { buildAll } from "tools/cluster/programs.ts";
import { missing } from "tools/mezod/program.ts";
import type { TestProject } from "vitest/node";
import { memoryOf } from "./memory.ts";
import { note, resultsTable } from "./results.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Seconds from nothing to a network that is deployed. */
    seconds: number;
  }
}

/** Starts a cluster with a real node, and the network `local` on it: new keys, sealed, pushed, synced. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const reason = missing ?? nodeMissing;
  if (reason) {
    if (process.env.CI) throw new Error(`the chain's tests can't run: a real node ${reason}`);
    console.warn(`skipped: every test with a running chain: ${reason}`);
    provide("place", undefined);
    return async () => {};
  }
  await buildAll();
  const start = Date.now();
  const { place, end } = await startCluster({ hasNode: true, network: "local, kept" });
  provide("place", place);
  provide("seconds", (Date.now() - start) / 1000);
  // What tests leave when they are interrupted goes with the cluster.
  process.env.TMPDIR = join(place.folder, "tmp");
  return async () => {
    note(place, "memory of all of it", `${memoryOf(place).toFixed(1)} GiB`);
    console.log(resultsTable(place));
    await end();
  };
}
