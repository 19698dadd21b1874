import { signedHeightFolder, signedHeightSubPath } from "generators/components/scripts/signed-height.ts";
import { hasOwnFiles } from "generators/mezod/node-files.ts";
import {
  genesisConfigName,
  identityFiles,
  keyringFiles,
  keystoreName,
  nodeConfigName,
  nodeHome,
  ownConfigName,
  tomlFiles,
} from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { hashed, listed } from "../shape.ts";
import { scripts, tmp } from "./pod.ts";
import { nextRelease } from "./upgrade.ts";

/** The name of the claimed volume with the chain's data. */
export const dataName = ({ app }: Network) => `${app}-node-data`;

/** Where both containers have the volumes. */
export const mounts = (network: Network) => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
  { name: dataName(network), mountPath: `${nodeHome}/data` },
  { name: dataName(network), mountPath: signedHeightFolder, subPath: signedHeightSubPath },
  scripts(network).mount,
  tmp.mount,
  ...nextRelease(network).mounts,
];

/** The volumes beside the claimed one. */
export function volumes(network: Network, validator: Validator) {
  const keystore = keystoreName(network, validator.index);
  const settings = hasOwnFiles(network, validator.index)
    ? ownConfigName(network, validator.index)
    : nodeConfigName(network);
  const items = (files: readonly string[]) =>
    listed(
      "key",
      files.map((file) => ({ key: file, path: file })),
    );
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: hashed(settings), items: items(tomlFiles) } },
          { configMap: { name: hashed(genesisConfigName(network)), items: items(["genesis.json"]) } },
          { secret: { name: keystore, items: items(identityFiles) } },
        ],
      },
    },
    {
      name: "keyring",
      secret: { secretName: keystore, defaultMode: 0o440, items: items(keyringFiles(network, validator)) },
    },
    scripts(network).volume,
    tmp.volume,
    { name: "hidden", emptyDir: {} },
    ...nextRelease(network).volumes,
  ];
}
