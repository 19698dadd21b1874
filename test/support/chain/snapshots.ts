import { randomInt } from "node:crypto";
import { keylessDataName, keylessLabels, keylessName } from "generators/network/keyless.ts";
import { dataName } from "generators/network/names.ts";
import { snapshotClassName } from "generators/network/snapshots.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { diskClass } from "tools/cluster/node/disks.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { podOf } from "./chain.ts";
import { isReady, podReference } from "./pods.ts";
import { followRestore } from "./restore-runbook.ts";
import type { RunningNetwork } from "./running-network.ts";

const { namespace } = local;
const snapshotKind = { apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot" };

/** The claim of a validator's volume, and that of an RPC node's, by its number. */
export const claimOf = (node: string) => `${dataName(local)}-${podOf(node)}`;
export const rpcClaim = (index: number) =>
  `${keylessDataName(local, "rpc-node")}-${keylessName(local, "rpc-node")}-${index}`;

/** A claim with a volume of a class, of 1 GiB; a copy of a snapshot where one is named. */
export const claim = (name: string, storageClassName: string, snapshot?: string): KubeObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName,
    resources: { requests: { storage: "1Gi" } },
    ...(snapshot && { dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: snapshot } }),
  },
});

/** The snapshots of a claim's volume that can be used, the oldest first. */
export async function snapshotsOf({ kube }: RunningNetwork, claimName: string): Promise<string[]> {
  const all = await kube.list(snapshotKind.apiVersion, snapshotKind.kind, namespace);
  return all
    .filter(({ spec, status }) => spec.source.persistentVolumeClaimName === claimName && status?.readyToUse)
    .sort((one, other) => one.status.creationTime.localeCompare(other.status.creationTime))
    .map(({ metadata }) => metadata.name);
}

/** Those of them that were taken on schedule: their names begin with the claim's. */
export const scheduled = async (network: RunningNetwork, claimName: string): Promise<string[]> =>
  (await snapshotsOf(network, claimName)).filter((name) => name.startsWith(claimName));

/** Takes a snapshot of a claim's volume, as somebody does by hand, and waits until it can be used. */
export async function takeSnapshot({ kube }: RunningNetwork, name: string, claimName: string) {
  const snapshot = { ...snapshotKind, metadata: { name, namespace } };
  await kube.apply({
    ...snapshot,
    spec: { volumeSnapshotClassName: snapshotClassName(local), source: { persistentVolumeClaimName: claimName } },
  });
  const isUsable = async () => (await kube.get({ ...snapshotKind, name, namespace }))?.status?.readyToUse;
  await eventually(isUsable, 60, `snapshot ${name}`);
}

export const deleteSnapshot = ({ kube }: RunningNetwork, name: string) =>
  kube.delete({ ...snapshotKind, name, namespace });

/** Moves a validator's volume to a StorageClass, by backing it up and restoring it. */
export async function moveVolume(network: RunningNetwork, node: string, storageClass: string): Promise<void> {
  const { kube, chain, operator } = network;
  const names = { "node=mezo-node-1": `node=${node}` };
  await followRestore(network, 5, ["Stop the validator", "Open the volume", "Back up"], names);
  await operator.kubectl("delete", "pod", `${node}-volume`);
  await operator.kubectl("delete", "pvc", claimOf(node));
  await kube.apply(claim(claimOf(node), storageClass));
  const restore = ["Open the volume", "Restore from a backup", "Raise the signing state", "Start it again"];
  await followRestore(network, 5, restore, names);
  await chain.inStep(180);
}

/**
 * Starts an RPC node on the copy of a snapshot, beside the others, and takes it away when it is ready: its height is that
 * of the validators.
 */
export async function startFrom({ kube }: RunningNetwork, snapshot: string): Promise<void> {
  const [set] = await kube.list("apps/v1", "StatefulSet", namespace, `type=${keylessLabels(local, "rpc-node").type}`);
  const name = `started-${randomInt(2 ** 31)}`;
  const { metadata, spec } = set.spec.template;
  await kube.apply(claim(name, diskClass, snapshot));
  await kube.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: metadata.labels },
    spec: {
      ...spec,
      volumes: [
        ...spec.volumes,
        { name: keylessDataName(local, "rpc-node"), persistentVolumeClaim: { claimName: name } },
      ],
    },
  });
  const pod = { apiVersion: "v1", kind: "Pod", name, namespace };
  try {
    const isWithTheChain = async () => {
      const now = await kube.get(pod);
      const [node] = now.status?.containerStatuses ?? [];
      if (node?.restartCount > 0) throw new Error(`${name} of ${snapshot} restarts: ${JSON.stringify(node.lastState)}`);
      return isReady(now);
    };
    await eventually(isWithTheChain, 120, `a node on a copy of ${snapshot}`);
  } finally {
    await kube.delete(pod, { gracePeriodSeconds: 0 });
    await kube.delete({ apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace });
  }
}

/** What a validator's preflight says, where it refuses to start; undefined where it has not refused. */
export async function refusal({ kube, operator }: RunningNetwork, node: string): Promise<string | undefined> {
  const [preflight] = (await kube.get(podReference(node)))?.status?.initContainerStatuses ?? [];
  const ended = preflight?.state.terminated ?? preflight?.lastState.terminated;
  if (!ended || ended.exitCode === 0) return undefined;
  return operator.kubectl("logs", podOf(node), "--container", preflight.name);
}
