import type { TestProject } from "vitest/node";
import { type Cluster, startCluster } from "./cluster.ts";
import { clusterPrograms } from "./programs.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: Cluster;
  }
}

/** Builds a cluster's programs and starts one for all tests. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await clusterPrograms();
  const { cluster, end } = await startCluster();
  provide("cluster", cluster);
  return end;
}
