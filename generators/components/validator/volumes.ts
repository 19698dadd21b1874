import type { PersistentVolumeClaim, Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import {
  dataName,
  genesisConfigName,
  identityFiles,
  keyringBaseFiles,
  keystoreName,
  nodeConfigName,
  nodeHome,
  nodeName,
  scriptsName,
  tomlFiles,
} from "../../network/names.ts";
import type { BaseNetwork, Network } from "../../network/schema.ts";
import { signedHeightFolder, signedHeightSubPath } from "../scripts/signed-height.ts";

type App = Pick<Network, "app">;

/** Where the scripts are in every pod that has them. */
export const scriptsFolder = "/scripts";

/** The claim of the volume with the chain's data. */
export const dataClaim = (
  network: App,
  { size, className, accessMode }: Network["storage"],
): PersistentVolumeClaim => ({
  // The API server fills in apiVersion and kind. Without them here Argo CD would see a difference for ever.
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: dataName(network) },
  spec: {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(className && { storageClassName: className }),
  },
});

/** Where the volumes are in the node's home. */
export const homeMounts = (network: App): VolumeMount[] => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
  { name: dataName(network), mountPath: `${nodeHome}/data` },
];

export const scriptsMount: VolumeMount = { name: "scripts", mountPath: scriptsFolder, readOnly: true };

/** The scripts for the node's image, all of them. */
export const scriptsVolume = (network: App): Volume => ({
  name: "scripts",
  configMap: { name: scriptsName(network), defaultMode: 0o440 },
});

export const tmpMount: VolumeMount = { name: "tmp", mountPath: "/tmp" };

/** The folder of the claimed volume that says what the key has signed. */
export const signedHeightMount = (network: App): VolumeMount => ({
  name: dataName(network),
  mountPath: signedHeightFolder,
  subPath: signedHeightSubPath,
});

/** Hides that folder where it is on the volume from whoever resets the node's data in its container. */
export const hiddenSignedHeight: VolumeMount = {
  name: "hidden",
  mountPath: `${nodeHome}/data/${signedHeightSubPath}`,
  readOnly: true,
};

/** What is in the node's config folder: the files of a ConfigMap of settings, genesis, and what identifies the node. */
export const configVolume = (network: App, index: number, settings: string): Volume => ({
  name: "config",
  projected: {
    defaultMode: 0o440,
    sources: [
      { configMap: { name: settings, items: asItems(tomlFiles) } },
      { configMap: { name: genesisConfigName(network), items: asItems(["genesis.json"]) } },
      { secret: { name: keystoreName(network, index), items: asItems(identityFiles) } },
    ],
  },
});

/** The volumes beside the claimed one. Every file is listed: the kubelet starts no pod while one of them is missing. */
export function volumes(network: BaseNetwork, index: number): Volume[] {
  const keystore = keystoreName(network, index);
  return [
    configVolume(network, index, nodeConfigName(network)),
    {
      name: "keyring",
      secret: { secretName: keystore, defaultMode: 0o440, items: asItems(keyringBaseFiles(network, index)) },
    },
    scriptsVolume(network),
    { name: "tmp", emptyDir: {} },
    { name: "hidden", emptyDir: {} },
  ];
}

/** Files of a ConfigMap or Secret, each mounted under its key. */
export const asItems = (files: readonly string[]) => files.map((file) => ({ key: file, path: file }));

/** The name of the PersistentVolumeClaim that a validator's StatefulSet makes. */
export const claimName = (network: App, index: number) => `${dataName(network)}-${nodeName(network, index)}-0`;
