import { startWorld, type World } from "tools/cluster/fake-nodes.ts";
import { connect } from "tools/cluster/kube.ts";
import { afterAll, inject } from "vitest";

// Real nodes report for themselves.
const noWorld: World = { isReady: () => true, stop: async () => {} };

/** The cluster, for a file's tests, and nodes that report for as long as these run. */
export async function useCluster() {
  const cluster = inject("cluster");
  const kube = await connect(cluster.kubeconfig);
  const world = cluster.isExisting ? noWorld : await startWorld(kube);
  afterAll(() => world.stop());
  return { cluster, kube, world };
}
