import { clusterOf } from "generators/network/cluster.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Sealed } from "generators/network/seal-lock.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Certificate } from "./certificate.ts";
import { type Expected, identityOf, recoveryFiles } from "./expected.ts";

/**
 * Where a lock's entry is not what the network needs.
 *
 * @param certificate the network's current one, undefined where it can't be read.
 */
export function* checkEntry(
  network: Network,
  entry: Sealed,
  expected: Expected,
  certificate: Certificate | undefined,
): Iterable<Finding> {
  const at = (field: string, message: string) =>
    errorAt(lockFile(network.name), `secrets.${expected.name}.${field}`, message);
  if (entry.namespace !== network.namespace) {
    const message = `is ${entry.namespace}, but the network's is ${network.namespace}: ${whereTo(expected)}`;
    yield at("namespace", message);
  }
  const cluster = clusterOf(network);
  if (entry.cluster !== cluster) {
    yield at("cluster", `is ${entry.cluster}, but the network's is ${cluster}: ${whereTo(expected)}`);
  }
  if (certificate && entry.certificate !== certificate.fingerprint) {
    yield at("certificate", `${entry.certificate} is not the network's current one: seal with --rotate or --recover`);
  }
  for (const key of missingKeys(entry, expected)) yield at("keys", `lacks ${key}, which the pod mounts: seal again`);
  for (const key of surplusKeys(entry, expected)) yield at("keys", `has ${key}, which no pod mounts: seal again`);
  const identity = expected.validator && identityOf(expected.validator);
  for (const fact of ["nodeId", "accountAddress", "consensusPubKey"] as const) {
    const [sealed, described] = [entry.validator?.[fact], identity?.[fact]];
    if (sealed === described) continue;
    yield at(`validator.${fact}`, `is ${sealed}, but validators.json has ${described}: another validator is sealed`);
  }
}

/** Sealing again is no remedy for a key: it would run in both places. */
const whereTo = ({ validator }: Expected) =>
  validator
    ? "the key would run in both; put it back, and move the key as docs/runbooks/move-a-key.md says"
    : "it would not open there; seal again";

const missingKeys = (entry: Sealed, expected: Expected) => expected.keys.filter((key) => !entry.keys.includes(key));

function surplusKeys(entry: Sealed, { keys, validator }: Expected) {
  const allowed = [...keys, ...(validator ? recoveryFiles : [])];
  return entry.keys.filter((key) => !allowed.includes(key));
}
