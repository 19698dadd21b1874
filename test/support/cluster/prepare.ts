import { join, resolve } from "node:path";
import { type Cluster, startCluster } from "tools/cluster/cluster.ts";
import { checkExisting } from "tools/cluster/existing-cluster.ts";
import { buildAll } from "tools/cluster/programs.ts";
import { missing } from "tools/mezod/program.ts";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    cluster: Cluster;
  }
}

/** Builds a cluster's programs and starts one for all tests, or what one lacks beside that of TEST_KUBECONFIG. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (missing) throw new Error(`the cluster's tests make keystores with the chain's node, which ${missing}`);
  const kubeconfig = process.env.TEST_KUBECONFIG ? resolve(process.env.TEST_KUBECONFIG) : undefined;
  if (kubeconfig) await checkExisting(kubeconfig);
  await buildAll();
  const { cluster, place, end } = await startCluster({}, kubeconfig);
  provide("cluster", cluster);
  provide("place", place);
  // What tests leave when they are interrupted goes with the cluster.
  process.env.TMPDIR = join(cluster.folder, "tmp");
  return end;
}
