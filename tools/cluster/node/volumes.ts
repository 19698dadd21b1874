import { mkdirSync, writeFileSync } from "node:fs";
import type { Kube } from "../kubernetes/client.ts";
import { type ClusterLocation, nodePath } from "../location.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import type { Program } from "../process/program.ts";
import { toolsImage } from "./containerd.ts";
import { inNode } from "./namespaces.ts";

const namespace = "local-path-storage";
const account = "local-path-provisioner";
const settingsName = "local-path-config";

/** Where the volumes' data is; the path is the same inside and outside of the node's namespaces. */
export const volumesFolder = (location: ClusterLocation) => nodePath(location, "volumes");

/** Makes the objects that the provisioner works with; its StorageClass is the cluster's default. */
export async function applyStorageClass(kube: Kube): Promise<void> {
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
        // Of the provisioner's volume types, only this one applies a pod's fsGroup.
        defaultVolumeType: "local",
      },
    },
    provisioner: "rancher.io/local-path",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
  });
}

/** Rancher's local-path-provisioner, as in kind and k3s: each claim gets a folder of the node's. */
export function volumeProvisioner(location: ClusterLocation, command: string): Program {
  const paths = [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesFolder(location)] }];
  mkdirSync(volumesFolder(location));
  writeFileSync(nodePath(location, "volumes.json"), JSON.stringify({ nodePathMap: paths }));
  writeFileSync(nodePath(location, "volumes-helper.json"), JSON.stringify(helperPod));
  return inNode(location, {
    name: "local-path-provisioner",
    command,
    args: [
      "start",
      ...["--config", nodePath(location, "volumes.json")],
      ...["--helper-pod-file", nodePath(location, "volumes-helper.json")],
      ...["--helper-image", toolsImage],
      ...["--kubeconfig", kubeconfigFile(location, "local-path-provisioner")],
      ...["--namespace", namespace],
      ...["--configmap-name", settingsName],
      ...["--service-account-name", account],
    ],
    // Its work shows when the first volume is bound.
    isReady: () => true,
  });
}

const helperPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "helper" },
  spec: {
    // The node's folders belong to root.
    securityContext: { runAsUser: 0 },
    containers: [{ name: "helper", image: toolsImage, imagePullPolicy: "Never" }],
  },
};
