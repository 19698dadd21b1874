import * as v from "valibot";
import { OperatorError } from "../operator-error.ts";
import { formatProblem } from "./problem.ts";
import { checked, strict, table, text } from "./strict-schema.ts";

const sha256 = text(/^[0-9a-f]{64}$/, "a SHA-256 in hex");

/** Public facts of the validator that runs with a keystore. */
const identity = strict({
  nodeId: v.string(),
  accountAddress: v.string(),
  consensusPubKey: v.string(),
});

const sealed = strict({
  namespace: v.string(),
  scope: v.literal("strict", 'must be "strict"'),
  /** The SHA-256 fingerprint of the certificate that it is sealed for. */
  certificate: sha256,
  keys: v.array(v.string()),
  /** A salted scrypt hash of the content, as a PHC string. */
  content: text(/^\$scrypt\$ln=1[4-8],r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/, "a PHC string of a scrypt hash"),
  /** The SHA-256 of the SealedSecret's file. */
  file: sha256,
  validator: v.optional(identity),
});

const schema = strict({
  version: v.literal(1, "must be 1"),
  secrets: table(sealed),
});

/** The sealed secrets by name. */
export type SealLock = v.InferOutput<typeof schema>;
export type Sealed = v.InferOutput<typeof sealed>;
export type Identity = v.InferOutput<typeof identity>;

/** The hash of each secret's content, by the secret's name. */
export type Checksums = ReadonlyMap<string, string>;

/**
 * Parses a lock.
 *
 * @throws {OperatorError} listing every problem with its field, and saying what to do.
 */
export function parseLock(path: string, text: string): SealLock {
  const refuse = (lines: string[]) =>
    new OperatorError(
      [`${path}:`, ...lines, "take it back from git: it records what the sealed files hold"].join("\n  "),
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([text.includes("<<<<<<<") ? "has merge conflicts: take one side and seal again" : "is not JSON"]);
  }
  return checked(schema, value, (problems) => refuse(problems.map(formatProblem)));
}

/** The checksums that pod templates carry. They are of the content, so sealing the same content again changes none. */
export const checksumsOf = ({ secrets }: SealLock): Checksums =>
  new Map(Object.entries(secrets).map(([name, { content }]) => [name, contentDigest(content)]));

const contentDigest = (phc: string) => Buffer.from(phc.split("$")[4] ?? "", "base64").toString("hex");

/** The metadata of a pod template that replaces the pods when the content of their Secret changes. */
export const rolledBy = (checksums: Checksums, secret: string) =>
  checksums.has(secret) ? { metadata: { annotations: { "checksum/keystore": checksums.get(secret) as string } } } : {};
