import { lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { parseLock, type Sealed, type SealLock } from "generators/network/seal-lock.ts";
import type { Tree } from "generators/tree.ts";

/**
 * The lock in a network's keystores folder; an empty one where nothing is sealed.
 *
 * @param files the whole folder.
 * @throws {OperatorError} when it is not a lock.
 */
export function readLock({ name, chain }: Pick<Network, "name" | "chain">, files: Tree): SealLock {
  const text = files.get(lockFile(name));
  if (text !== undefined) return parseLock(lockFile(name), text);
  return { version: 2, network: name, chainId: chain.id, serial: 0, secrets: {} };
}

/** A lock as its file has it: secrets by name, fields in one order. */
export const lockText = ({ version, network, chainId, serial, secrets }: SealLock) =>
  `${JSON.stringify({ version, network, chainId, serial, secrets: Object.fromEntries(Object.entries(secrets).map(inOrder).sort()) }, null, 2)}\n`;

const inOrder = ([name, { cluster, namespace, scope, certificate, keys, content, file, validator }]: [
  string,
  Sealed,
]) => [name, { cluster, namespace, scope, certificate, keys, content, file, ...(validator && { validator }) }] as const;

/** The lock after a run: with the next number, unless it says what it said before. */
export function nextLock({ name, chain }: Network, lock: SealLock, secrets: SealLock["secrets"]): SealLock {
  const next = { ...lock, network: name, chainId: chain.id, secrets };
  const isSame = lock.serial > 0 && lockText(next) === lockText(lock);
  return isSame ? lock : { ...next, serial: lock.serial + 1 };
}
