import { join, resolve } from "node:path";
import { type Cluster, startCluster } from "tools/cluster/cluster.ts";
import { checkExistingCluster } from "tools/cluster/parts/existing-cluster.ts";
import { buildAll } from "tools/cluster/programs.ts";
import { mezodUnavailable } from "tools/mezod/program.ts";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    cluster: Cluster;
  }
}

/** Builds a cluster's programs and starts one cluster for all tests; with TEST_KUBECONFIG, only what that one lacks. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (mezodUnavailable) throw new Error(`the cluster's tests make keystores with mezod, which ${mezodUnavailable}`);
  const kubeconfig = process.env.TEST_KUBECONFIG ? resolve(process.env.TEST_KUBECONFIG) : undefined;
  if (kubeconfig) await checkExistingCluster(kubeconfig);
  await buildAll();
  const { cluster, location, end } = await startCluster({}, kubeconfig);
  provide("cluster", cluster);
  provide("location", location);
  // The temporary files of interrupted tests are removed with the cluster.
  process.env.TMPDIR = join(cluster.folder, "tmp");
  return end;
}
