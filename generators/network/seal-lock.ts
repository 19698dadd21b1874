import * as v from "valibot";
import { OperatorError } from "../operator-error.ts";
import { formatProblem } from "./problem.ts";
import { checked, strict, table, text } from "./strict-schema.ts";

const sha256 = text(/^[0-9a-f]{64}$/, "a SHA-256 in hex");

/** Public facts of the validator whose keystore is sealed. */
const identity = strict({
  nodeId: v.string(),
  accountAddress: v.string(),
  consensusPubKey: v.string(),
});

const sealed = strict({
  /** The place that the Secret is sealed for. Its name says which workload mounts it. */
  cluster: v.string(),
  namespace: v.string(),
  scope: v.literal("strict", 'must be "strict"'),
  /** SHA-256 of the certificate that the Secret is sealed for. */
  certificate: sha256,
  keys: v.array(v.string()),
  /** Salted scrypt digest of the content, as a PHC string. */
  content: text(/^\$scrypt\$ln=1[4-8],r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/, "a PHC string of scrypt"),
  /** SHA-256 of the SealedSecret's file. */
  file: sha256,
  validator: v.optional(identity),
});

const schema = strict({
  version: v.literal(2, "must be 2"),
  network: v.string(),
  chainId: v.string(),
  /** How often the lock has changed: no later commit may bring back an earlier one. */
  serial: v.pipe(v.number(), v.safeInteger(), v.minValue(0, "must be 0 or more")),
  secrets: table(sealed),
});

/** What is sealed: Secrets by name. */
export type SealLock = v.InferOutput<typeof schema>;
export type Sealed = v.InferOutput<typeof sealed>;
export type Identity = v.InferOutput<typeof identity>;

/** The digest of each Secret's content, by the Secret's name. */
export type Checksums = ReadonlyMap<string, string>;

/**
 * The lock in a text.
 *
 * @throws {OperatorError} with every problem, its field, and what to do about it.
 */
export function parseLock(path: string, text: string): SealLock {
  const refuse = (lines: string[]) =>
    new OperatorError([`${path}:`, ...lines, "restore it from git: it says what the sealed files hold"].join("\n  "));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([text.includes("<<<<<<<") ? "has merge conflicts: take one side and seal again" : "is not JSON"]);
  }
  // Nobody can restore what it never said.
  if ((value as { version?: unknown } | null)?.version === 1) {
    throw new OperatorError(
      `${path}: is of version 1, which says neither for which cluster and chain keys are sealed, nor who sealed them: delete its folder, and seal everything anew`,
    );
  }
  return checked(schema, value, (problems) => refuse(problems.map(formatProblem)));
}

/** The checksums that pod templates carry, of the contents: sealing the same content again changes none. */
export const checksumsOf = ({ secrets }: SealLock): Checksums =>
  new Map(Object.entries(secrets).map(([name, { content }]) => [name, contentDigest(content)]));

const contentDigest = (phc: string) => Buffer.from(phc.split("$")[4] ?? "", "base64").toString("hex");

/**
 * The pod template's metadata that rolls the pods when a Secret's content changes, once the Secret is sealed.
 *
 * @param secrets the pods' Secrets, each by the name of its annotation.
 */
export function rolledBy(checksums: Checksums, secrets: Record<string, string>) {
  const annotations = Object.entries(secrets).flatMap(([name, secret]): [string, string][] =>
    checksums.has(secret) ? [[`checksum/${name}`, checksums.get(secret) as string]] : [],
  );
  return annotations.length > 0 ? { metadata: { annotations: Object.fromEntries(annotations) } } : {};
}
