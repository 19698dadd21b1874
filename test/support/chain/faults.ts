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
  runInNode(location, "sh", "-c", `${findProcess} [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true`, "sh", node);

// Sets $pid to the validator's process, if there is one; it is found by its arguments, which contain the name, $1.
const findProcess = `
pid=
for each in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' <"$each/cmdline" 2>/dev/null) || continue
  case $words in "mezod start "*"--moniker $1 "* | "/next/usr/bin/mezod start "*"--moniker $1 "*) pid=\${each#/proc/} ;; esac
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

/** Does something while validators have no pods, nor anybody a new one. */
export const withoutPods = (
  network: RunningNetwork,
  [node, ...others]: readonly string[],
  act: () => Promise<unknown>,
): Promise<unknown> => (node ? withoutPod(network, node, () => withoutPods(network, others, act)) : act());

/**
 * Does something while a validator's volume is on a disk of its own, which has that many megabytes left. Its pod is replaced
 * before and afterwards.
 */
export async function onSmallDisk(
  network: RunningNetwork,
  node: string,
  megabytes: number,
  act: (volume: string) => Promise<unknown>,
): Promise<void> {
  const { location } = network;
  const volume = volumeFolder(location, node);
  const inVolume = (script: string, ...args: string[]) =>
    runInNode(location, "sh", "-c", script, "sh", volume, ...args);
  await withoutPod(network, node, () => inVolume(moveToSmallDisk, String(megabytes)));
  try {
    await act(volume);
  } finally {
    await inVolume('mount -o remount,size=1g "$1"');
    await withoutPod(network, node, () => inVolume(moveBack));
  }
}

// $1: a volume's folder; $2: how many megabytes are left free.
const moveToSmallDisk = `
set -eu
mv "$1" "$1.disk"
mkdir "$1"
mount -t tmpfs -o "size=$(($(du -sm "$1.disk" | cut -f1) + $2))m" tmpfs "$1"
cp -a "$1.disk/." "$1"
`;
const moveBack = `
set -eu
rm -f "$1/filler"
rm -r "$1.disk"
mkdir "$1.disk"
cp -a "$1/." "$1.disk"
umount "$1"
rmdir "$1"
mv "$1.disk" "$1"
`;

/** Cuts a validator off from its peers while something is done. It still answers everybody else. */
export async function withoutPeers(network: RunningNetwork, node: string, act: () => Promise<unknown>): Promise<void> {
  const { location } = network;
  const inNetworkOf = (script: string) => runInNode(location, "sh", "-c", script, "sh", node, String(local.ports.p2p));
  await inNetworkOf(`${findProcess} nsenter --target "$pid" --net nft -f - <<END
table inet cut {
  chain in { type filter hook input priority 0; tcp dport $2 reject with tcp reset; tcp sport $2 reject with tcp reset; }
}
END`);
  try {
    await act();
  } finally {
    await inNetworkOf(`${findProcess} nsenter --target "$pid" --net nft delete table inet cut`);
  }
}

/** Uses more memory in a validator's container than it may have: the kernel kills its node. */
export const exhaustMemory = ({ location }: RunningNetwork, node: string) =>
  runInNode(location, "sh", "-c", `${findProcess} ${exhaust}`, "sh", node);

// Of what runs in the container, the kernel should choose the node, although something else takes the memory.
const exhaust = `
echo 1000 >"/proc/$pid/oom_score_adj"
group=$(sed -n -e 's/^[0-9]*:memory:/memory/p' -e 's/^0:://p' "/proc/$pid/cgroup" | head -n 1)
(echo 0 >"/sys/fs/cgroup/$group/cgroup.procs" && exec dd if=/dev/zero of=/dev/null bs=2G count=1 2>/dev/null) || true
`;

/** What says why a pod does not start: the kubelet's events and its containers' logs. */
async function eventsAndLogs({ kube, operator }: RunningNetwork, node: string): Promise<string> {
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

/** Waits until a validator's events or logs contain a text. */
export async function reports(network: RunningNetwork, node: string, words: string): Promise<void> {
  const isReported = async () => {
    const report = await eventsAndLogs(network, node);
    if (!report.includes(words)) throw new Error(report.slice(-1000));
    return true;
  };
  await eventually(isReported, 120, `"${words}" in the events or logs of ${node}`);
}
