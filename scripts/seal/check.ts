import { keystoresFolder, lockFile, signatureFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { checkAuthenticity, signersOf } from "./authenticity.ts";
import { type Certificate, parseCertificate, validity } from "./certificate.ts";
import { checkEntry } from "./check-entry.ts";
import { checkSealedFile } from "./check-sealed-file.ts";
import { type Expected, expectedSecrets, staleSecrets } from "./expected.ts";
import {
  certificateFile,
  kustomizationFile,
  kustomizationText,
  readKeystoresFolder,
  secretFile,
} from "./keystores-folder.ts";
import { readLock } from "./lock.ts";
import { unsealedSecrets } from "./unsealed-secrets.ts";

/**
 * What is wrong with the sealed Secrets of some networks in a checkout, how many each network has, and which Secrets
 * stand there unsealed.
 *
 * @throws {OperatorError} when a lock can't be read.
 */
export function checkCheckout(root: string, networks: readonly Network[]) {
  const names = new Set(networks.flatMap((network) => expectedSecrets(network).map(({ name }) => name)));
  const checked = networks.map((network) => {
    const files = readKeystoresFolder(root, network.name);
    const sealed = Object.keys(readLock(network, files).secrets).length;
    return { network: network.name, sealed, findings: [...checkKeystores(network, files)] };
  });
  return { checked, plain: unsealedSecrets(root, names) };
}

/**
 * What is wrong with a network's sealed Secrets, as far as it shows without a key and without a cluster.
 *
 * @param files the whole keystores folder.
 */
export function* checkKeystores(network: Network, files: Tree, now = new Date()): Iterable<Finding> {
  if (!isSealed(network, files)) return;
  if (!files.has(lockFile(network.name))) {
    yield errorAt(lockFile(network.name), "", "is missing: it says what the sealed files hold; restore it from git");
    return;
  }
  const lock = readLock(network, files);
  const certificate = yield* checkCertificate(network, files, now);
  yield* checkAuthenticity(network, files, certificate);
  yield* checkOwner(network, lock);
  for (const expected of expectedSecrets(network)) yield* checkSecret(network, files, lock, expected, certificate);
  yield* checkStale(network, lock);
  yield* checkFolder(network, files, lock);
}

const isSealed = (network: Network, files: Tree) =>
  [...files.keys()].some((path) => path.startsWith(`${keystoresFolder(network.name)}/`));

function* checkCertificate(network: Network, files: Tree, now: Date): Generator<Finding, Certificate | undefined> {
  const file = certificateFile(network.name);
  const text = files.get(file);
  if (text === undefined) {
    yield errorAt(file, "", "is missing: restore it from git");
    return undefined;
  }
  try {
    const certificate = parseCertificate(text);
    const wrong = validity(certificate, now);
    if (wrong) yield { ...errorAt(file, wrong.field, wrong.message), severity: wrong.isOver ? "error" : "warning" };
    return certificate;
  } catch (error) {
    yield errorAt(file, "", (error as Error).message);
    return undefined;
  }
}

/** A lock that was signed for another network, or another chain, says nothing of this one. */
function* checkOwner({ name, chain }: Network, lock: SealLock): Iterable<Finding> {
  const facts = [
    ["network", lock.network, name],
    ["chainId", lock.chainId, chain.id],
  ] as const;
  for (const [field, sealed, described] of facts) {
    if (sealed === described) continue;
    yield errorAt(lockFile(name), field, `is ${sealed}, but the network's is ${described}: seal again`);
  }
}

function* checkSecret(
  network: Network,
  files: Tree,
  { secrets }: SealLock,
  expected: Expected,
  certificate: Certificate | undefined,
): Iterable<Finding> {
  const file = secretFile(network.name, expected.name);
  const [text, entry] = [files.get(file), secrets[expected.name]];
  if (!entry) {
    yield errorAt(file, "", `is not ${text === undefined ? "sealed yet" : "in the lock"}: run \`pnpm seal\``);
    return;
  }
  yield* checkEntry(network, entry, expected, certificate);
  if (text !== undefined) yield* checkSealedFile(file, text, expected.name, entry, certificate);
  else yield errorAt(file, "", "is missing, but the lock lists it: restore it from git, or seal again");
}

function* checkStale(network: Network, lock: SealLock): Iterable<Finding> {
  for (const secret of staleSecrets(network, lock)) {
    const message = `is not a Secret of ${network.name}: \`pnpm seal\` removes it`;
    yield errorAt(lockFile(network.name), `secrets.${secret}`, message);
  }
}

function* checkFolder(network: Network, files: Tree, { secrets }: SealLock): Iterable<Finding> {
  const sealed = Object.keys(secrets);
  const kustomization = kustomizationFile(network.name);
  // A file that is expected and not in the lock is reported already.
  const names = [...sealed, ...expectedSecrets(network).map(({ name }) => name)];
  const known = [
    kustomization,
    certificateFile(network.name),
    lockFile(network.name),
    ...(signersOf(network).length > 0 ? [signatureFile(network.name)] : []),
    ...names.map((name) => secretFile(network.name, name)),
  ];
  for (const path of files.keys()) {
    if (known.includes(path)) continue;
    yield errorAt(path, "", "does not belong here: only `pnpm seal` writes to this folder; delete it");
  }
  if (files.get(kustomization) !== kustomizationText(network, sealed)) {
    yield errorAt(kustomization, "resources", "does not list what is sealed: restore it from git, or seal again");
  }
}
