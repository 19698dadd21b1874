import { conditionOf, isTrue, type Kube, type KubeObject } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { nodeNames, podOf } from "./chain.ts";

const { namespace } = local;

export const podReference = (node: string) => ({ apiVersion: "v1", kind: "Pod", name: podOf(node), namespace });

/** A validator's pod, or undefined. */
export const pod = (kube: Kube, node: string): Promise<KubeObject> => kube.get(podReference(node));

/** The uids of the validators' pods, by validator. */
export const podUids = async (kube: Kube): Promise<Record<string, string | undefined>> =>
  Object.fromEntries(
    await Promise.all(nodeNames.map(async (node) => [node, (await pod(kube, node))?.metadata.uid] as const)),
  );

export const isReady = (pod: KubeObject) => isTrue(pod, "Ready");

/** Waits until a validator has a ready pod other than the one with that uid. */
export const waitForNewPod = (
  kube: Kube,
  node: string,
  uid: string | undefined,
  seconds: number,
): Promise<KubeObject> =>
  eventually(
    async () => {
      const now = await pod(kube, node);
      return now && now.metadata.uid !== uid && isReady(now) ? now : undefined;
    },
    seconds,
    `a new pod of ${node}`,
  );

/** When a validator's pod started, and when it became ready, in milliseconds. */
export async function podTimes(kube: Kube, node: string): Promise<{ started: number; ready: number }> {
  const now = await pod(kube, node);
  return { started: Date.parse(now.status.startTime), ready: Date.parse(conditionOf(now, "Ready").lastTransitionTime) };
}
