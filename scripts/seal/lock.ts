import { keystoresFolder, lockFile } from "generators/network/paths.ts";
import { parseLock, type Sealed, type SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import { readTree, type Tree } from "generators/tree.ts";

/** Everything in a network's keystores folder. */
export const readKeystores = (root: string, network: string): Tree =>
  new Map([...readTree(root, [keystoresFolder(network)], () => true)].map(([path, bytes]) => [path, bytes.toString()]));

/** The lock among a network's files; an empty one where nothing is sealed. */
export function readLock(network: string, files: Tree): SealLock {
  const text = files.get(lockFile(network));
  if (text === undefined) return { version: 1, secrets: {} };
  try {
    return parseLock(lockFile(network), text);
  } catch (error) {
    throw new OperatorError((error as Error).message);
  }
}

/** A lock as its file: secrets by name, fields in one order. */
export const lockText = ({ version, secrets }: SealLock) =>
  `${JSON.stringify({ version, secrets: Object.fromEntries(Object.entries(secrets).map(inOrder).sort()) }, null, 2)}\n`;

const inOrder = ([name, { namespace, scope, certificate, keys, content, file, validator }]: [string, Sealed]) =>
  [name, { namespace, scope, certificate, keys, content, file, ...(validator && { validator }) }] as const;

/** The files beside the sealed secrets, and those of the secrets themselves. */
export const certificateFile = (network: string) => `${keystoresFolder(network)}/certificate.pem`;
export const kustomizationFile = (network: string) => `${keystoresFolder(network)}/kustomization.yaml`;
export const secretFile = (network: string, secret: string) => `${keystoresFolder(network)}/${secret}.yaml`;
