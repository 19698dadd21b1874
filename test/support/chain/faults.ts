import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import type { ClusterLocation } from "tools/cluster/location.ts";
import { nodeName } from "tools/cluster/node/addresses.ts";
import { runInNode } from "tools/cluster/node/namespaces.ts";
import { volumesFolder } from "tools/cluster/node/volumes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { podOf } from "./chain.ts";
import { pod, podReference } from "./pods.ts";
import type { RunningNetwork } from "./running-network.ts";

const { namespace } = local;

/** Kills a validator's process as the kernel does when memory runs out. */
export const killProcess = ({ location }: RunningNetwork, node: string) =>
  runInNode(location, "sh", "-c", killScript, "sh", node);

// Finds the process by its arguments, which contain the validator's name.
const killScript = `
for each in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' <"$each/cmdline" 2>/dev/null) || continue
  case $words in "mezod start "*"--moniker $1 "* | "/next/usr/bin/mezod start "*"--moniker $1 "*) kill -9 "\${each#/proc/}" ;; esac
done
`;

/** Deletes a validator's pod, with its grace period. */
export const deletePod = ({ kube }: RunningNetwork, node: string, options = {}) =>
  kube.delete(podReference(node), options);

/** Deletes a validator's pod without a grace period. */
export const forceDeletePod = (network: RunningNetwork, node: string) =>
  deletePod(network, node, { gracePeriodSeconds: 0 });

/** The folder of a validator's volume; its path is the same inside and outside of the node's namespaces. */
export function volumeFolder(location: ClusterLocation, node: string): string {
  const name = readdirSync(volumesFolder(location)).find((name) => name.endsWith(`_mezo-node-data-${podOf(node)}`));
  if (!name) throw new Error(`${node} has no volume`);
  return join(volumesFolder(location), name);
}

/** Does something while a validator has no pod. The node is cordoned meanwhile, so that no new pod is scheduled. */
export async function withoutPod(network: RunningNetwork, node: string, act: () => Promise<unknown>): Promise<void> {
  const { kube } = network;
  const clusterNode = { apiVersion: "v1", kind: "Node", name: nodeName };
  const { uid } = (await pod(kube, node)).metadata;
  await kube.patch(clusterNode, { spec: { unschedulable: true } });
  try {
    await deletePod(network, node);
    await eventually(async () => (await pod(kube, node))?.metadata.uid !== uid, 150, `the removal of ${podOf(node)}`);
    await act();
  } finally {
    await kube.patch(clusterNode, { spec: { unschedulable: null } });
  }
}

/** What says why a pod does not start: the kubelet's events and its containers' logs. */
export async function eventsAndLogs({ kube, operator }: RunningNetwork, node: string): Promise<string> {
  const events = await kube.list("v1", "Event", namespace);
  const { uid } = (await pod(kube, node)).metadata;
  const messages = events
    .filter(({ involvedObject }: KubeObject) => involvedObject.uid === uid)
    .map(({ message }: KubeObject) => message);
  const logs = await Promise.all(
    ["preflight", "mezo-node"].flatMap((container) =>
      [[], ["--previous"]].map((previous) =>
        operator.kubectl("logs", podOf(node), "--container", container, "--tail", "50", ...previous).catch(() => ""),
      ),
    ),
  );
  return [...messages, ...logs].join("\n");
}
