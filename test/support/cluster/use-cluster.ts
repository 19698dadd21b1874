import { connect } from "tools/cluster/kubernetes/client.ts";
import { type FakeNodes, startFakeNodes } from "tools/cluster/parts/fake-nodes.ts";
import { afterAll, inject } from "vitest";

// An existing cluster's own nodes report for themselves.
const noFakeNodes: FakeNodes = { isReady: () => true, ending: () => undefined, stop: async () => {} };

/** The cluster for a file's tests, with stand-ins for nodes that report while these tests run. */
export async function useCluster() {
  const cluster = inject("cluster");
  const kube = await connect(cluster.kubeconfig);
  const fakeNodes = cluster.isExisting ? noFakeNodes : await startFakeNodes(kube);
  afterAll(() => fakeNodes.stop());
  return { cluster, kube, fakeNodes };
}
