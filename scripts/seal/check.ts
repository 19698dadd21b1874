import { keystoresFolder, lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Sealed, SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import type { Finding } from "../lib/finding.ts";
import { parseManifests } from "../objects/manifests.ts";
import { type Certificate, expiry, parseCertificate } from "./certificate.ts";
import { type Expected, expectedSecrets, identityOf, recoveryFiles } from "./expected.ts";
import { certificateFile, kustomizationFile, readKeystores, readLock, secretFile } from "./lock.ts";
import { plainSecrets } from "./plain-secrets.ts";
import { sealedSecretFile, sha256 } from "./sealed-secret.ts";
import { kustomizationText } from "./sealing.ts";

/**
 * Everything about the sealed secrets of some networks that is wrong in a checkout, and how many secrets each has.
 *
 * @throws {OperatorError} when a lock can't be read.
 */
export function checkCheckout(root: string, networks: readonly Network[]) {
  const names = new Set(networks.flatMap((network) => expectedSecrets(network).map(({ name }) => name)));
  const checked = networks.map((network) => {
    const files = readKeystores(root, network.name);
    const sealed = Object.keys(readLock(network.name, files).secrets).length;
    return { network: network.name, sealed, findings: checkKeystores(network, files) };
  });
  return { checked, plain: plainSecrets(root, names) };
}

const isSealed = (network: Network, files: Tree) =>
  [...files.keys()].some((path) => path.startsWith(`${keystoresFolder(network.name)}/`));

/**
 * What is wrong with a network's sealed secrets, as far as it shows without a key and without a cluster.
 *
 * @param files the whole keystores folder.
 */
export function checkKeystores(network: Network, files: Tree, now = new Date()): Finding[] {
  if (!isSealed(network, files)) return [];
  if (!files.has(lockFile(network.name))) {
    return [
      error(lockFile(network.name), "", "is missing: it tells what the sealed files hold; take it back from git"),
    ];
  }
  const lock = readLock(network.name, files);
  const { certificate, findings } = checkCertificate(network, files, now);
  const expected = expectedSecrets(network);
  return [
    ...findings,
    ...expected.flatMap((each) => checkSecret(network, files, lock, each, certificate)),
    ...Object.keys(lock.secrets)
      .filter((name) => !expected.some((each) => each.name === name))
      .map((name) =>
        error(lockFile(network.name), `secrets.${name}`, `is no Secret of ${network.name}: \`pnpm seal\` removes it`),
      ),
    ...checkFolder(network, files, lock),
  ];
}

function checkCertificate(network: Network, files: Tree, now: Date) {
  const file = certificateFile(network.name);
  const text = files.get(file);
  if (text === undefined) return { findings: [error(file, "", "is missing: take it back from git")] };
  try {
    const certificate = parseCertificate(text);
    const { isOver, message } = expiry(certificate, now) ?? {};
    if (message === undefined) return { certificate, findings: [] };
    return { certificate, findings: [{ ...error(file, "notAfter", message), ...(!isOver && warning) }] };
  } catch (failure) {
    return { findings: [error(file, "", (failure as Error).message)] };
  }
}

function checkSecret(
  network: Network,
  files: Tree,
  { secrets }: SealLock,
  expected: Expected,
  certificate: Certificate | undefined,
): Finding[] {
  const { name } = expected;
  const file = secretFile(network.name, name);
  const [text, entry] = [files.get(file), secrets[name]];
  if (!entry)
    return [error(file, "", `${text === undefined ? "is not sealed yet" : "is not in the lock"}: \`pnpm seal\``)];
  return [
    ...checkEntry(network, entry, expected, certificate),
    ...(text === undefined
      ? [error(file, "", "is missing, though the lock has it: take it back from git, or seal again")]
      : checkFile(file, text, entry, name, certificate)),
  ];
}

/** What the lock says of a secret against what the network needs. */
function checkEntry(network: Network, entry: Sealed, expected: Expected, certificate: Certificate | undefined) {
  const at = (field: string, message: string) =>
    error(lockFile(network.name), `secrets.${expected.name}.${field}`, message);
  const findings: Finding[] = [];
  if (entry.namespace !== network.namespace) {
    findings.push(
      at("namespace", `${entry.namespace}, and the network's is ${network.namespace}: it would not open; seal again`),
    );
  }
  if (certificate && entry.certificate !== certificate.fingerprint) {
    findings.push(at("certificate", `${entry.certificate} is not the network's current one: --rotate, or --recover`));
  }
  for (const key of expected.keys.filter((each) => !entry.keys.includes(each))) {
    findings.push(at("keys", `lacks ${key}, which the pod mounts: seal again`));
  }
  const allowed = [...expected.keys, ...(expected.validator ? recoveryFiles : [])];
  for (const key of entry.keys.filter((each) => !allowed.includes(each))) {
    findings.push(at("keys", `has ${key}, which no pod mounts: seal again`));
  }
  const identity = expected.validator && identityOf(expected.validator);
  for (const fact of ["nodeId", "accountAddress", "consensusPubKey"] as const) {
    const [sealed, described] = [entry.validator?.[fact], identity?.[fact]];
    if (sealed === described) continue;
    findings.push(at(`validator.${fact}`, `is ${sealed}, and validators.json has ${described}: another one is sealed`));
  }
  return findings;
}

/** A sealed file against its lock, and against the one layout that is written. */
function checkFile(
  file: string,
  text: string,
  entry: Sealed,
  name: string,
  certificate: Certificate | undefined,
): Finding[] {
  const findings =
    sha256(text) === entry.file
      ? []
      : [error(file, "", "is not the file that was sealed: take it back from git, or seal again")];
  let manifest: SealedSecret | undefined;
  try {
    manifest = parseManifests(text)[0] as SealedSecret | undefined;
  } catch (failure) {
    return [...findings, error(file, "", (failure as Error).message)];
  }
  const { metadata, spec } = manifest ?? {};
  const at = (field: string, message: string) => void findings.push(error(file, field, message));
  if (metadata?.name !== name) at("metadata.name", `is ${metadata?.name}: it opens as ${name} alone`);
  if (metadata?.namespace !== entry.namespace) {
    at("metadata.namespace", `is ${metadata?.namespace}: it opens in ${entry.namespace} alone`);
  }
  const encrypted = spec?.encryptedData ?? {};
  const keys = Object.keys(encrypted).sort();
  if (keys.join() !== entry.keys.join()) at("spec.encryptedData", `has ${keys}, and the lock has ${entry.keys}`);
  for (const key of certificate ? keys : []) {
    if (!isCiphertext(encrypted[key], certificate?.bits ?? 0, entry.certificate === certificate?.fingerprint)) {
      at(`spec.encryptedData["${key}"]`, "is not what a SealedSecret holds for this certificate");
    }
  }
  if (findings.length === 0 && text !== sealedSecretFile({ name, namespace: entry.namespace }, encrypted as never)) {
    at("", "has another layout, or more in it, than `pnpm seal` writes");
  }
  return findings;
}

interface SealedSecret {
  metadata?: { name?: string; namespace?: string };
  spec?: { encryptedData?: Record<string, unknown> };
}

/** The session key's length, that key under RSA, then the value under AES-GCM with its tag of 16 bytes. */
function isCiphertext(value: unknown, bits: number, isOwn: boolean): boolean {
  const bytes = Buffer.from(String(value), "base64");
  if (bytes.toString("base64") !== value || bytes.length < 2) return false;
  const length = bytes.readUInt16BE(0);
  return bytes.length > 2 + length + 16 && (!isOwn || length === Math.ceil(bits / 8));
}

function checkFolder(network: Network, files: Tree, lock: SealLock): Finding[] {
  const names = Object.keys(lock.secrets);
  const kustomization = kustomizationFile(network.name);
  const known = [
    kustomization,
    certificateFile(network.name),
    lockFile(network.name),
    ...names.map((name) => secretFile(network.name, name)),
    // Reported as not in the lock.
    ...expectedSecrets(network).map(({ name }) => secretFile(network.name, name)),
  ];
  return [
    ...[...files.keys()]
      .filter((path) => !known.includes(path))
      .map((path) => error(path, "", "does not belong here: `pnpm seal` writes this folder alone; delete it")),
    ...(files.get(kustomization) === kustomizationText(network, names)
      ? []
      : [error(kustomization, "resources", "is not the list of what is sealed: take it back from git, or seal again")]),
  ];
}

const warning = { severity: "warning" as const };
const error = (object: string, field: string, message: string): Finding => ({
  severity: "error",
  object,
  field,
  message,
});
