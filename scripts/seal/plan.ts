import { kustomization } from "generators/kustomization.ts";
import type { Network } from "generators/network.ts";
import { type Identity, lockFile, type Sealed, type SealLock } from "generators/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import { toYaml } from "generators/yaml.ts";
import type { Certificate } from "./certificate.ts";
import { type Content, digestOf, isDigestOf } from "./content.ts";
import { expectedSecrets } from "./expected.ts";
import { seal } from "./kubeseal.ts";
import { certificateFile, kustomizationFile, lockText, secretFile } from "./lock.ts";
import { sealedSecretFile, sha256 } from "./sealed-secret.ts";

/** A Secret in plain. */
export interface Plain {
  name: string;
  content: Content;
  validator?: Identity;
}

/** Whether a secret was sealed, and if so into what. */
export interface Outcome {
  name: string;
  text: string;
  entry: Sealed;
  isNew: boolean;
}

/** Whether a lock's entry is for this place and certificate: what remains to ask is its content. */
export const isCurrent = (entry: Sealed | undefined, { namespace }: Network, { fingerprint }: Certificate) =>
  entry?.namespace === namespace && entry.certificate === fingerprint;

/** Seals a Secret, unless the file that is there holds the same for the same certificate. */
export async function sealOne(
  network: Network,
  { name, content, validator }: Plain,
  certificate: Certificate,
  entry: Sealed | undefined,
  present: string | undefined,
): Promise<Outcome> {
  const isSame = entry !== undefined && (await isDigestOf(entry.content, content));
  const keys = [...content.keys()].sort();
  const rest = {
    namespace: network.namespace,
    scope: "strict" as const,
    certificate: certificate.fingerprint,
    keys,
    // The digest outlives a sealing, so that pods roll for a new content alone.
    content: isSame ? entry.content : await digestOf(content),
    ...(validator && { validator }),
  };
  if (isSame && present !== undefined && isCurrent(entry, network, certificate) && sha256(present) === entry.file) {
    return { name, text: present, entry: { ...rest, file: entry.file }, isNew: false };
  }
  const place = { name, namespace: network.namespace };
  const text = sealedSecretFile(place, await seal(place, content, certificate));
  return { name, text, entry: { ...rest, file: sha256(text) }, isNew: true };
}

/** The files of a keystores folder, given all that is sealed in it. */
export function keystoresTree(
  network: Network,
  certificate: Certificate,
  { version, secrets }: SealLock,
  outcomes: readonly Outcome[],
): Tree {
  const { name } = network;
  const all = { ...secrets, ...Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.entry])) };
  return new Map([
    ...outcomes.map(({ name: secret, text }) => [secretFile(name, secret), text] as const),
    [certificateFile(name), certificate.pem],
    [kustomizationFile(name), kustomizationText(network, Object.keys(all))],
    [lockFile(name), lockText({ version, secrets: all })],
  ]);
}

/** The kustomization of what is sealed, in the order in which the network has it. */
export function kustomizationText(network: Network, sealed: readonly string[]): string {
  const names = expectedSecrets(network).map(({ name }) => name);
  const resources = [
    ...names.filter((name) => sealed.includes(name)),
    ...sealed.filter((name) => !names.includes(name)),
  ];
  return toYaml(kustomization({ resources: resources.map((name) => `${name}.yaml`) }));
}
