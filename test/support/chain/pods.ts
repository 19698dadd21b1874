import { conditionOf, holdsTrue, type Kube, type KubeObject } from "tools/cluster/kube.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { nodeNames, podOf } from "./chain.ts";

const { namespace } = local;

export const podReference = (node: string) => ({ apiVersion: "v1", kind: "Pod", name: podOf(node), namespace });

/** A validator's pod, or undefined. */
export const pod = (kube: Kube, node: string): Promise<KubeObject> => kube.get(podReference(node));

/** The ids of the validators' pods, by validator. */
export const podIds = async (kube: Kube): Promise<Record<string, string | undefined>> =>
  Object.fromEntries(
    await Promise.all(nodeNames.map(async (node) => [node, (await pod(kube, node))?.metadata.uid] as const)),
  );

export const isReady = (pod: KubeObject) => holdsTrue(pod, "Ready");

/** Waits until a validator has another pod than that one, and it is ready. */
export const replaced = (kube: Kube, node: string, uid: string | undefined, seconds: number): Promise<KubeObject> =>
  eventually(
    async () => {
      const now = await pod(kube, node);
      return now && now.metadata.uid !== uid && isReady(now) ? now : undefined;
    },
    seconds,
    `another pod of ${node}`,
  );

/** When a validator's pod began, and when it got ready; milliseconds. */
export async function times(kube: Kube, node: string): Promise<{ begun: number; ready: number }> {
  const now = await pod(kube, node);
  return { begun: Date.parse(now.status.startTime), ready: Date.parse(conditionOf(now, "Ready").lastTransitionTime) };
}
