import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Kube } from "../kubernetes/client.ts";
import { type ClusterLocation, nodePath } from "../location.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import type { Program } from "../process/program.ts";
import type { diskPrograms } from "../programs.ts";
import { nodeName } from "./addresses.ts";
import { inNode, runInNode } from "./namespaces.ts";

/** The driver of volumes that have a size of their own and can be copied, and their StorageClass. */
export const diskDriver = "disk.csi.local";
export const diskClass = "disk";

/** Where the disks' images are: a file system that shares the blocks of copies. */
const folder = (location: ClusterLocation) => nodePath(location, "disks");
const socket = (location: ClusterLocation) => nodePath(location, "disks.sock");
// Where kubelet looks for drivers. A short name, because the path of a socket has at most 107 bytes.
const registration = (location: ClusterLocation) => nodePath(location, "kubelet/plugins_registry/disk.sock");

// $1: the file that holds the file system; $2: where it is mounted. Only what is written to it takes space.
const mountFileSystem =
  'truncate --size 64G "$1" && mkfs.btrfs --quiet "$1" >/dev/null && mkdir "$2" && mount -o loop "$1" "$2"';

/** Why this machine can't have disks that can be copied; undefined where it can. */
export function disksUnavailable(): string | undefined {
  const script = `folder=$(mktemp -d) && trap 'umount "$folder/mounted" 2>/dev/null; rm -rf "$folder"' EXIT
    set -- "$folder/image" "$folder/mounted" && ${mountFileSystem}`;
  try {
    execFileSync("unshare", ["--mount", "sh", "-c", script], { stdio: ["ignore", "ignore", "pipe"] });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    return String(stderr ?? message).trim();
  }
}

/** Makes the file system for the disks; it ends with the node's namespaces. */
export async function makeDiskFolder(location: ClusterLocation): Promise<void> {
  await runInNode(location, "sh", "-c", mountFileSystem, "sh", nodePath(location, "disks.image"), folder(location));
}

/** Makes the objects that say what the driver can, and the StorageClass of its volumes, which is not the default. */
export async function applyDiskClass(kube: Kube): Promise<void> {
  await kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: diskDriver },
    spec: { attachRequired: false, fsGroupPolicy: "File" },
  });
  await kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: diskClass },
    provisioner: diskDriver,
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
  });
}

/** The driver, a stand-in for that of a cloud's disks, and the real controllers of claims and of snapshots. */
export function diskControllers(
  location: ClusterLocation,
  programs: Awaited<ReturnType<typeof diskPrograms>>,
): Program[] {
  mkdirSync(dirname(registration(location)), { recursive: true });
  const calls = [`--csi-address=${socket(location)}`, "--retry-interval-start=500ms"];
  return [
    inNode(location, {
      name: "disk-driver",
      command: programs.driver,
      args: [
        ...["-name", diskDriver],
        ...["-node", nodeName],
        ...["-folder", folder(location)],
        ...["-socket", socket(location)],
        ...["-registration", registration(location)],
      ],
      isReady: () => existsSync(socket(location)),
    }),
    inNode(location, {
      name: "csi-provisioner",
      command: programs.provisioner,
      args: [...calls, `--kubeconfig=${kubeconfigFile(location, "csi-provisioner")}`, "--default-fstype=ext4"],
      // The work of these three shows with the first claim and the first snapshot.
      isReady: () => true,
    }),
    inNode(location, {
      name: "csi-snapshotter",
      command: programs.snapshotter,
      args: [...calls, `--kubeconfig=${kubeconfigFile(location, "csi-snapshotter")}`],
      isReady: () => true,
    }),
    inNode(location, {
      name: "snapshot-controller",
      command: programs.snapshotController,
      args: [`--kubeconfig=${kubeconfigFile(location, "snapshot-controller")}`, "--retry-interval-start=500ms"],
      isReady: () => true,
    }),
  ];
}
