import { join } from "node:path";
import { startCluster } from "tools/cluster/cluster.ts";
import { local } from "tools/cluster/network/local.ts";
import { checkOwnMezods } from "tools/cluster/network/own-mezod.ts";
import { nodeUnavailable } from "tools/cluster/node/requirements.ts";
import { buildForTests } from "tools/cluster/programs.ts";
import { mezodUnavailable } from "tools/mezod/program.ts";
import type { TestProject } from "vitest/node";
import { memoryOf } from "./memory.ts";
import { recordResult, resultsTable } from "./results.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** How long it took to start the cluster and deploy the network. */
    startSeconds: number;
  }
}

/** Starts a cluster with a real node, and deploys the network `local` to it with new keys. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  checkOwnMezods(local);
  const reason = mezodUnavailable ?? nodeUnavailable;
  if (reason) {
    if (process.env.CI) throw new Error(`the chain's tests cannot run: a real node ${reason}`);
    console.warn(`skipping every test with a running chain: a real node ${reason}`);
    provide("location", undefined);
    return async () => {};
  }
  await buildForTests();
  const start = Date.now();
  const { location, end } = await startCluster({ hasNode: true, deploysLocal: true, keepsArtifacts: true });
  provide("location", location);
  provide("startSeconds", (Date.now() - start) / 1000);
  // The temporary files of interrupted tests are removed with the cluster.
  process.env.TMPDIR = join(location.folder, "tmp");
  return async () => {
    recordResult(location, "memory of the whole cluster", `${memoryOf(location).toFixed(1)} GiB`);
    console.log(resultsTable(location));
    await end();
  };
}
