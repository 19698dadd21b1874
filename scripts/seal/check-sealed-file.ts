import type { Sealed } from "generators/network/seal-lock.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { parseManifests } from "../objects/manifests.ts";
import type { Certificate } from "./certificate.ts";
import { type EncryptedData, sealedSecretFile, sha256 } from "./sealed-secret.ts";

/**
 * Where a sealed Secret's file is not what its lock's entry says, or not in the one layout that is written.
 *
 * @param certificate the network's current one, undefined where it can't be read.
 */
export function* checkSealedFile(
  file: string,
  text: string,
  name: string,
  entry: Sealed,
  certificate: Certificate | undefined,
): Iterable<Finding> {
  const isUnchanged = sha256(text) === entry.file;
  if (!isUnchanged) yield errorAt(file, "", "is not the file that was sealed: restore it from git, or seal again");
  let manifest: Manifest;
  try {
    manifest = (parseManifests(text)[0] as Manifest | undefined) ?? {};
  } catch (error) {
    yield errorAt(file, "", (error as Error).message);
    return;
  }
  const findings = [...checkManifest(file, manifest, name, entry, certificate)];
  yield* findings;
  if (!isUnchanged || findings.length > 0) return;
  const encrypted = (manifest.spec?.encryptedData ?? {}) as EncryptedData;
  if (text !== sealedSecretFile({ name, namespace: entry.namespace }, encrypted)) {
    yield errorAt(file, "", "has a layout or a field that `pnpm seal` does not write");
  }
}

/** A SealedSecret as somebody may have changed it. */
interface Manifest {
  metadata?: { name?: string; namespace?: string };
  spec?: { encryptedData?: Record<string, unknown> };
}

function* checkManifest(
  file: string,
  { metadata, spec }: Manifest,
  name: string,
  entry: Sealed,
  certificate: Certificate | undefined,
): Iterable<Finding> {
  const at = (field: string, message: string) => errorAt(file, field, message);
  if (metadata?.name !== name) yield at("metadata.name", `is ${metadata?.name}, but it opens as ${name} alone`);
  if (metadata?.namespace !== entry.namespace) {
    yield at("metadata.namespace", `is ${metadata?.namespace}, but it opens in ${entry.namespace} alone`);
  }
  const encrypted = spec?.encryptedData ?? {};
  const keys = Object.keys(encrypted).sort();
  if (keys.join() !== entry.keys.join()) {
    yield at("spec.encryptedData", `has ${keys.join(", ")}, but the lock has ${entry.keys.join(", ")}`);
  }
  if (!certificate) return;
  const isCurrent = entry.certificate === certificate.fingerprint;
  for (const key of keys) {
    if (isCiphertext(encrypted[key], isCurrent ? certificate.bits : undefined)) continue;
    yield at(`spec.encryptedData["${key}"]`, "is not a value that is encrypted for this certificate");
  }
}

/**
 * Whether a value is one of a SealedSecret: the session key's length, that key under RSA, then the value under AES-GCM
 * with its tag of 16 bytes.
 *
 * @param bits of the RSA key, where it is known.
 */
function isCiphertext(value: unknown, bits: number | undefined): boolean {
  const bytes = Buffer.from(String(value), "base64");
  if (bytes.toString("base64") !== value || bytes.length < 2) return false;
  const length = bytes.readUInt16BE(0);
  return bytes.length > 2 + length + 16 && (bits === undefined || length === Math.ceil(bits / 8));
}
