import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Placement, placementFile } from "generators/components/placement.ts";
import { readRegular } from "generators/files.ts";
import { clusterOf } from "generators/network/cluster.ts";
import { keystoreName, nodeName } from "generators/network/names.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { parseLock } from "generators/network/seal-lock.ts";
import { isPaused } from "generators/network/validators.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { hasRun } from "../objects/placements.ts";

/** Where a consensus key signs, or may. */
interface Place {
  network: string;
  cluster: string;
  namespace: string;
  /** The Secret's name, and so the StatefulSet's. */
  keystore: string;
}

/** A place that is on record for a key. */
export interface RecordedPlace extends Place {
  key: string;
  /** The file that records it, from the repository's root. */
  file: string;
}

/**
 * Every place that a checkout records for a consensus key: in the seal locks and in the placements of all overlays, those
 * that no network is declared for any more included. A key that is paused at a place has left it.
 *
 * @throws {OperatorError} when a lock can't be read.
 */
export function recordedPlaces(root: string): RecordedPlace[] {
  const folder = join(root, "overlays");
  const overlays = existsSync(folder) ? readdirSync(folder) : [];
  return overlays.flatMap((overlay) => [...lockedPlaces(root, overlay), ...renderedPlaces(root, overlay)]);
}

function* lockedPlaces(root: string, overlay: string): Iterable<RecordedPlace> {
  const file = lockFile(overlay);
  if (!existsSync(join(root, file))) return;
  const { network, secrets } = parseLock(file, readRegular(root, file).toString());
  for (const [keystore, { cluster, namespace, validator }] of Object.entries(secrets)) {
    if (validator) yield { key: validator.consensusPubKey, file, network, cluster, namespace, keystore };
  }
}

function* renderedPlaces(root: string, overlay: string): Iterable<RecordedPlace> {
  const file = placementFile(overlay);
  const placement = readPlacement(root, file);
  const isSealed = existsSync(join(root, lockFile(overlay)));
  if (!placement || !hasRun({ ...placement, isSealed })) return;
  const { network, cluster, namespace } = placement;
  for (const [key, { index, paused }] of Object.entries(placement.keys)) {
    if (!paused) yield { key, file, network, cluster, namespace, keystore: keystoreName(placement, index) };
  }
}

/** The record; undefined where there is none that can be read. `pnpm validate` says so of one that was changed. */
function readPlacement(root: string, file: string): Placement | undefined {
  try {
    const placement = JSON.parse(readRegular(root, file).toString());
    return typeof placement?.keys === "object" && placement.keys !== null ? placement : undefined;
  } catch {
    return undefined;
  }
}

/** Validators whose consensus key would stand at two places. One that is paused has left its first place. */
export function* checkSecondPlaces(
  network: Network,
  validators: readonly Validator[],
  recorded: readonly RecordedPlace[],
): Iterable<Finding> {
  for (const { index, consensusPubKey } of validators) {
    if (isPaused(network, index)) continue;
    const own = placeOf(network, index);
    const other = recorded.find((place) => place.key === consensusPubKey && nameOf(place) !== nameOf(own));
    if (!other) continue;
    const message = `has the consensus key of ${nameOf(other)}, says ${other.file}, and would be sealed as ${nameOf(own)}: one key at two places signs twice; pause the validator, and move it as docs/runbooks/move-a-key.md says`;
    yield errorAt(`${nodeName(network, index)}/config/priv_validator_key.json`, "", message);
  }
}

const placeOf = (network: Network, index: number): Place => ({
  network: network.name,
  cluster: clusterOf(network),
  namespace: network.namespace,
  keystore: keystoreName(network, index),
});

/** A place in words: all that makes it another one than the next. */
const nameOf = ({ network, cluster, namespace, keystore }: Place) =>
  `${namespace}/${keystore} of ${network} on ${cluster}`;
