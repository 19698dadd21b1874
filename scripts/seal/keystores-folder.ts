import { kustomization } from "generators/components/kustomization.ts";
import { keystoresFolder } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { readTree, type Tree } from "generators/tree.ts";
import { toYaml } from "generators/yaml.ts";
import { expectedSecrets } from "./expected.ts";

/** Paths of the files in a network's keystores folder, beside the lock. */
export const certificateFile = (network: string) => `${keystoresFolder(network)}/certificate.pem`;
export const kustomizationFile = (network: string) => `${keystoresFolder(network)}/kustomization.yaml`;
export const secretFile = (network: string, secret: string) => `${keystoresFolder(network)}/${secret}.yaml`;

/** Every file in a network's keystores folder. */
export const readKeystoresFolder = (root: string, network: string): Tree =>
  new Map([...readTree(root, [keystoresFolder(network)], () => true)].map(([path, bytes]) => [path, bytes.toString()]));

/** The kustomization of the sealed Secrets of these names, in the network's order. */
export function kustomizationText(network: Network, sealed: readonly string[]): string {
  const names = expectedSecrets(network).map(({ name }) => name);
  const resources = [
    ...names.filter((name) => sealed.includes(name)),
    ...sealed.filter((name) => !names.includes(name)),
  ];
  return toYaml(kustomization({ resources: resources.map((name) => `${name}.yaml`) }));
}
