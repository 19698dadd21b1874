import { mkdirSync, writeFileSync } from "node:fs";
import { kubeconfigFile } from "../control-plane.ts";
import type { Kube } from "../kube.ts";
import type { Place } from "../location.ts";
import type { Program } from "../supervisor.ts";
import { toolsImage } from "./containerd.ts";
import { inNode, nodePath } from "./machine.ts";

const namespace = "local-path-storage";
const account = "local-path-provisioner";
const settingsName = "local-path-config";

/** Where the data of volumes is, on the machine and in the node alike. */
export const volumesFolder = (place: Place) => nodePath(place, "volumes");

/** What the provisioner of volumes works with; its class is the cluster's default. */
export async function announceVolumes(kube: Kube): Promise<void> {
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await kube.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } });
  await kube.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: settingsName, namespace },
    data: {
      setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
      teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
    },
  });
  await kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "local-path",
      annotations: {
        "storageclass.kubernetes.io/is-default-class": "true",
        // Of its kinds the one that belongs to a pod's fsGroup.
        defaultVolumeType: "local",
      },
    },
    provisioner: "rancher.io/local-path",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
  });
}

/** Rancher's local-path-provisioner, as in kind and k3s: a folder of the node's for each claim. */
export function volumes(place: Place, command: string): Program {
  const paths = [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesFolder(place)] }];
  mkdirSync(volumesFolder(place));
  writeFileSync(nodePath(place, "volumes.json"), JSON.stringify({ nodePathMap: paths }));
  writeFileSync(nodePath(place, "volumes-helper.json"), JSON.stringify(helper));
  return inNode(place, {
    name: "local-path-provisioner",
    command,
    args: [
      "start",
      ...["--config", nodePath(place, "volumes.json")],
      ...["--helper-pod-file", nodePath(place, "volumes-helper.json")],
      ...["--helper-image", toolsImage],
      ...["--kubeconfig", kubeconfigFile(place, "local-path-provisioner")],
      ...["--namespace", namespace],
      ...["--configmap-name", settingsName],
      ...["--service-account-name", account],
    ],
    // What it does shows when the first volume is bound.
    isReady: () => true,
  });
}

const helper = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "helper" },
  spec: {
    // Folders in the node belong to root.
    securityContext: { runAsUser: 0 },
    containers: [{ name: "helper", image: toolsImage, imagePullPolicy: "Never" }],
  },
};
