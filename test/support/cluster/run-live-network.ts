import { execFileSync } from "node:child_process";
import type { Cluster } from "tools/cluster/cluster.ts";
import { isTrue, type Kube, type KubeObject } from "tools/cluster/kubernetes/client.ts";
import { clusterPrograms } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { liveNetwork } from "./live-network.ts";

/**
 * Has kubectl make the live network's objects in a namespace, and waits until its six pods are ready.
 *
 * @param verb of kubectl: it decides which client the API server remembers.
 */
export async function runLiveNetwork(
  kube: Kube,
  cluster: Cluster,
  namespace: string,
  verb: "apply" | "create",
): Promise<void> {
  await kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "premium-rwo" },
    // The stand-ins for nodes make the volumes.
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  const { controlPlane } = await clusterPrograms();
  execFileSync(controlPlane, ["kubectl", verb, "--filename=-"], {
    env: { KUBECONFIG: cluster.kubeconfig, HOME: cluster.folder },
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items: liveNetwork(namespace) }),
    stdio: ["pipe", "ignore", "inherit"],
  });
  const isReady = (pod: KubeObject) => isTrue(pod, "Ready");
  const ready = async () => (await kube.list("v1", "Pod", namespace)).filter(isReady).length;
  await eventually(async () => (await ready()) === 6, 60, "six ready pods");
}
