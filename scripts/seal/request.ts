import { refuseUnknownNetworks } from "generators/declared.ts";
import { signatureFile } from "generators/network/paths.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Source } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import { callersPath } from "../lib/callers-path.ts";
import { lockFault, needsKey, signersOf } from "./authenticity.ts";
import { readKeystoresFolder } from "./keystores-folder.ts";
import { readLock } from "./lock.ts";
import { type SealOptions, type Selection, select } from "./options.ts";
import { type RecordedPlace, recordedPlaces } from "./places.ts";

/** What is asked for, and what there is so far. */
export interface SealRequest {
  source: Source;
  selection: Selection;
  options: SealOptions;
  /** The controller's private keys, where sealed files are opened instead of artifacts read. */
  keyFiles?: string[];
  /** The key to sign the lock with. */
  signWith?: string;
  /** The network's keystores folder. */
  files: Tree;
  lock: SealLock;
  /** Why nobody knows who made the lock; missing where a signer of the network did, or none is wanted. */
  fault?: string;
  /** Where the checkout's consensus keys are already. */
  places: readonly RecordedPlace[];
}

/** The networks of some names, in their order. */
export function named(sources: readonly Source[], names: readonly string[]): Source[] {
  const declared = sources.map(({ network }) => network.name);
  refuseUnknownNetworks(names, declared);
  return names.map((name) => sources[declared.indexOf(name)] as Source);
}

/**
 * What the command line asks for.
 *
 * @throws {UsageError} when the network, or one of its validators, does not exist.
 * @throws {OperatorError} when a lock can't be read.
 */
export function requestOf(
  root: string,
  sources: readonly Source[],
  [name = "", ...rest]: readonly string[],
  options: SealOptions,
): SealRequest {
  const [source] = named(sources, [name]) as [Source];
  const { network } = source;
  const files = readKeystoresFolder(root, network.name);
  const keyFiles = options.recover && [...options.recover, ...rest].map(callersPath);
  const signWith = options["sign-with"];
  const fault = lockFault(network, files);
  return {
    source,
    selection: select(network, keyFiles ? [] : rest),
    options,
    ...(keyFiles && { keyFiles }),
    ...(signWith !== undefined && { signWith: callersPath(signWith) }),
    files,
    lock: readLock(network, files),
    ...(fault !== undefined && { fault }),
    places: recordedPlaces(root),
  };
}

/**
 * Refuses early what would be refused in the end: before somebody types the Ethereum node's address, and before a lock that
 * anybody may have written is signed with files in it that are not sealed anew.
 *
 * @throws {OperatorError} when a key to sign with is missing, or only a part is to be sealed beside files of unknown origin.
 */
export function refuseUnsignable({
  source: { network },
  selection,
  options,
  keyFiles,
  signWith,
  lock,
  fault,
}: SealRequest) {
  if (fault !== undefined && !keyFiles && !selection.isAll) {
    throw new OperatorError(
      `${signatureFile(network.name)} ${fault}: restore the folder from git, or seal everything anew, without naming validators`,
    );
  }
  const isNew = lock.serial === 0 || options.rotate || fault !== undefined;
  if (isNew && signersOf(network).length > 0 && signWith === undefined) {
    throw new OperatorError(`nothing was sealed: ${needsKey(network)}`);
  }
}
