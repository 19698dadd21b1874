import { lockFile, signatureFile } from "generators/network/paths.ts";
import { signersOf, signLock } from "./authenticity.ts";
import type { SealRequest } from "./request.ts";
import type { Changes } from "./sealing.ts";

/**
 * Changes of a keystores folder together with the lock's signature. Only a lock that says something new is signed anew.
 *
 * @throws {OperatorError} when it must be signed and is not.
 */
export async function signed(
  { source: { network }, signWith, files, fault }: SealRequest,
  { inputs, removed }: Changes,
): Promise<Changes> {
  const file = signatureFile(network.name);
  const [lock = "", before] = [inputs.get(lockFile(network.name)), files.get(lockFile(network.name))];
  if (signersOf(network).length === 0) return { inputs, removed: files.has(file) ? [...removed, file] : removed };
  const isSame = lock === before && fault === undefined;
  const signature = isSame ? (files.get(file) ?? "") : await signLock(network, lock, signWith);
  return { inputs: new Map([...inputs, [file, signature]]), removed };
}
