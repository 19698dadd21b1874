import { lockFile } from "generators/network/paths.ts";
import { parseLock, type Sealed, type SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";

/**
 * The lock in a network's keystores folder; an empty one where nothing is sealed.
 *
 * @param files the whole folder.
 * @throws {OperatorError} when it is not a lock.
 */
export function readLock(network: string, files: Tree): SealLock {
  const text = files.get(lockFile(network));
  return text === undefined ? { version: 1, secrets: {} } : parseLock(lockFile(network), text);
}

/** A lock as its file has it: secrets by name, fields in one order. */
export const lockText = ({ version, secrets }: SealLock) =>
  `${JSON.stringify({ version, secrets: Object.fromEntries(Object.entries(secrets).map(inOrder).sort()) }, null, 2)}\n`;

const inOrder = ([name, { namespace, scope, certificate, keys, content, file, validator }]: [string, Sealed]) =>
  [name, { namespace, scope, certificate, keys, content, file, ...(validator && { validator }) }] as const;
