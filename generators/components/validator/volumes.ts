import type { PersistentVolumeClaim, Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import {
  genesisConfigName,
  identityFiles,
  keyringBaseFiles,
  keystoreName,
  nodeConfigName,
  nodeHome,
  tomlFiles,
} from "../../network/names.ts";
import type { BaseNetwork, Network } from "../../network/schema.ts";

type App = Pick<Network, "app">;

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

/** The volumes beside the claimed one. Every file is listed: the kubelet starts no pod while one of them is missing. */
export function volumes(network: BaseNetwork, index: number): Volume[] {
  const keystore = keystoreName(network, index);
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: nodeConfigName(network), items: asItems(tomlFiles) } },
          { configMap: { name: genesisConfigName(network), items: asItems(["genesis.json"]) } },
          { secret: { name: keystore, items: asItems(identityFiles) } },
        ],
      },
    },
    {
      name: "keyring",
      secret: { secretName: keystore, defaultMode: 0o440, items: asItems(keyringBaseFiles(network, index)) },
    },
    { name: "tmp", emptyDir: {} },
  ];
}

/** Files of a ConfigMap or Secret, each mounted under its key. */
export const asItems = (files: readonly string[]) => files.map((file) => ({ key: file, path: file }));

const dataName = ({ app }: App) => `${app}-node-data`;
