import { clusterOf } from "generators/network/cluster.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Sealed, SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import type { Certificate } from "./certificate.ts";
import { digestOf, isDigestOf, type PlainSecret } from "./content.ts";
import { certificateFile, kustomizationFile, kustomizationText, secretFile } from "./keystores-folder.ts";
import { seal } from "./kubeseal.ts";
import { lockText, nextLock } from "./lock.ts";
import { sealedSecretFile, sha256 } from "./sealed-secret.ts";

/** A sealed Secret: its file, and what the lock says of it. */
export interface SealedSecret {
  name: string;
  text: string;
  entry: Sealed;
  /** False where the file that was there is kept. */
  isNew: boolean;
}

/** Whether a Secret is sealed for the network's place and a certificate; its content may still differ. */
export const isCurrent = (entry: Sealed | undefined, network: Network, { fingerprint }: Certificate) =>
  entry?.namespace === network.namespace && entry.cluster === clusterOf(network) && entry.certificate === fingerprint;

/**
 * Seals a Secret, unless the file that is there holds the same content for the same certificate.
 *
 * @param entry what the lock says of it so far.
 * @param present the file that is there; none where it is not known who made it.
 */
export async function sealSecret(
  network: Network,
  { name, content, validator }: PlainSecret,
  certificate: Certificate,
  entry: Sealed | undefined,
  present: string | undefined,
): Promise<SealedSecret> {
  const { namespace } = network;
  const isSame = entry !== undefined && (await isDigestOf(entry.content, content));
  const rest = {
    cluster: clusterOf(network),
    namespace,
    scope: "strict" as const,
    certificate: certificate.fingerprint,
    keys: [...content.keys()].sort(),
    // The digest outlives a sealing, so that pods roll for new content alone.
    content: isSame ? entry.content : await digestOf(content),
    ...(validator && { validator }),
  };
  if (isSame && present !== undefined && isCurrent(entry, network, certificate) && sha256(present) === entry.file) {
    return { name, text: present, entry: { ...rest, file: entry.file }, isNew: false };
  }
  const text = sealedSecretFile({ name, namespace }, await seal({ name, namespace }, content, certificate));
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
 * @param stale Secrets that the network no longer has.
 */
export function changedFiles(
  network: Network,
  certificate: Certificate,
  lock: SealLock,
  sealed: readonly SealedSecret[],
  stale: readonly string[],
): Changes {
  const { name } = network;
  const entries = { ...lock.secrets, ...Object.fromEntries(sealed.map((secret) => [secret.name, secret.entry])) };
  for (const secret of stale) delete entries[secret];
  const inputs = new Map([
    ...sealed.map((secret) => [secretFile(name, secret.name), secret.text] as const),
    [certificateFile(name), certificate.pem],
    [kustomizationFile(name), kustomizationText(network, Object.keys(entries))],
    [lockFile(name), lockText(nextLock(network, lock, entries))],
  ]);
  return { inputs, removed: stale.map((secret) => secretFile(name, secret)) };
}
