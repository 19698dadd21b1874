import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "tools/cluster/kube.ts";
import type { Place } from "tools/cluster/location.ts";
import { nodeName, runInNode } from "tools/cluster/node/machine.ts";
import { volumesFolder } from "tools/cluster/node/volumes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { podOf } from "./chain.ts";
import type { Live } from "./live.ts";
import { pod, podReference } from "./pods.ts";

const { namespace } = local;

/** Kills a validator's process as the kernel does when memory runs out. */
export const killProcess = ({ place }: Live, node: string) => runInNode(place, "sh", "-c", kill, "sh", node);

// By its arguments: each validator says its name there.
const kill = `
for each in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' <"$each/cmdline" 2>/dev/null) || continue
  case $words in "mezod start "*"--moniker $1 "*) kill -9 "\${each#/proc/}" ;; esac
done
`;

/** Deletes a validator's pod, with its grace period or without any. */
export const deletePod = ({ kube }: Live, node: string, options = {}) => kube.delete(podReference(node), options);
export const forceDeletePod = (live: Live, node: string) => deletePod(live, node, { gracePeriodSeconds: 0 });

/** The folder of a validator's volume, on the machine and in the node alike. */
export function volumeOf(place: Place, node: string): string {
  const name = readdirSync(volumesFolder(place)).find((name) => name.endsWith(`_mezo-node-data-${podOf(node)}`));
  if (!name) throw new Error(`${node} has no volume`);
  return join(volumesFolder(place), name);
}

/** Does something while a validator's pod is gone and can't come back. */
export async function whileGone(live: Live, node: string, act: () => Promise<unknown>): Promise<void> {
  const { kube } = live;
  const machine = { apiVersion: "v1", kind: "Node", name: nodeName };
  const { uid } = (await pod(kube, node)).metadata;
  await kube.patch(machine, { spec: { unschedulable: true } });
  try {
    await deletePod(live, node);
    await eventually(async () => (await pod(kube, node))?.metadata.uid !== uid, 150, `an end of ${podOf(node)}`);
    await act();
  } finally {
    await kube.patch(machine, { spec: { unschedulable: null } });
  }
}

/** Why a pod does not start, in the words of whoever says so: its containers' logs, the kubelet's events. */
export async function complaints({ kube, at }: Live, node: string): Promise<string> {
  const events = await kube.list("v1", "Event", namespace);
  const { uid } = (await pod(kube, node)).metadata;
  const messages = events
    .filter(({ involvedObject }: KubeObject) => involvedObject.uid === uid)
    .map(({ message }: KubeObject) => message);
  const logs = await Promise.all(
    ["preflight", "mezo-node"].flatMap((container) =>
      [[], ["--previous"]].map((previous) =>
        at.kubectl("logs", podOf(node), "--container", container, "--tail", "50", ...previous).catch(() => ""),
      ),
    ),
  );
  return [...messages, ...logs].join("\n");
}
