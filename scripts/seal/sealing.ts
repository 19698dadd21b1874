import { kustomization } from "generators/components/kustomization.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Sealed, SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import { toYaml } from "generators/yaml.ts";
import type { Certificate } from "./certificate.ts";
import { digestOf, isDigestOf } from "./content.ts";
import { expectedSecrets } from "./expected.ts";
import { seal } from "./kubeseal.ts";
import { certificateFile, kustomizationFile, lockText, secretFile } from "./lock.ts";
import type { Plain } from "./plain.ts";
import { sealedSecretFile, sha256 } from "./sealed-secret.ts";

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

/** What a run writes and removes. */
export interface Changes {
  inputs: Tree;
  removed: string[];
}

/**
 * The files of a keystores folder after a run.
 *
 * @param stale secrets that the network no longer has.
 */
export function changedFiles(
  network: Network,
  certificate: Certificate,
  { version, secrets }: SealLock,
  outcomes: readonly Outcome[],
  stale: readonly string[],
): Changes {
  const { name } = network;
  const all = { ...secrets, ...Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.entry])) };
  for (const secret of stale) delete all[secret];
  const inputs = new Map([
    ...outcomes.map(({ name: secret, text }) => [secretFile(name, secret), text] as const),
    [certificateFile(name), certificate.pem],
    [kustomizationFile(name), kustomizationText(network, Object.keys(all))],
    [lockFile(name), lockText({ version, secrets: all })],
  ]);
  return { inputs, removed: stale.map((secret) => secretFile(name, secret)) };
}

/** The secrets in a lock that the network no longer has. */
export const staleSecrets = (network: Network, { secrets }: SealLock) =>
  Object.keys(secrets).filter((secret) => !expectedSecrets(network).some(({ name }) => name === secret));

/** The kustomization of what is sealed, in the order in which the network has it. */
export function kustomizationText(network: Network, sealed: readonly string[]): string {
  const names = expectedSecrets(network).map(({ name }) => name);
  const resources = [
    ...names.filter((name) => sealed.includes(name)),
    ...sealed.filter((name) => !names.includes(name)),
  ];
  return toYaml(kustomization({ resources: resources.map((name) => `${name}.yaml`) }));
}
