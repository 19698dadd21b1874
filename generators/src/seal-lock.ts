import { z } from "zod";
import { formatProblem, valueAt } from "./problem.ts";

/** The folder of a network's sealed secrets. `pnpm seal` alone writes there; what gen needs of it stands in the lock. */
export const keystoresFolder = (network: string) => `overlays/${network}/keystores`;
export const lockFile = (network: string) => `${keystoresFolder(network)}/seal.lock.json`;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");

/** Public facts of the validator that a keystore makes. */
const identity = z.strictObject({
  nodeId: z.string(),
  accountAddress: z.string(),
  consensusPubKey: z.string(),
});

const sealed = z.strictObject({
  namespace: z.string(),
  scope: z.literal("strict", 'must be "strict"'),
  /** Fingerprint (SHA-256) of the certificate that it is sealed for. */
  certificate: sha256,
  keys: z.array(z.string()),
  /** Salted scrypt of the content, as a PHC string. */
  content: z
    .string()
    .regex(/^\$scrypt\$ln=1[4-8],r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/, "must be a PHC string of scrypt"),
  /** SHA-256 of the SealedSecret's file. */
  file: sha256,
  validator: identity.optional(),
});

const schema = z.strictObject({
  version: z.literal(1, "must be 1"),
  secrets: z.record(z.string(), sealed),
});

/** What was sealed: secrets by name. */
export type SealLock = z.infer<typeof schema>;
export type Sealed = z.infer<typeof sealed>;
export type Identity = z.infer<typeof identity>;

/** The digest of each secret's content, by the secret's name. */
export type Checksums = ReadonlyMap<string, string>;

/**
 * A lock's text as what it says.
 *
 * @throws {Error} with every problem, each with its field, and what to do.
 */
export function parseLock(path: string, text: string): SealLock {
  const refuse = (lines: string[]) =>
    new Error([`${path}:`, ...lines, "take it back from git: it tells what the sealed files hold"].join("\n  "));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([text.includes("<<<<<<<") ? "has merge conflicts: take one side and seal again" : "is not JSON"]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(
    parsed.error.issues.map(({ path, message }) => formatProblem({ path, value: valueAt(value, path), message })),
  );
}

/** The checksum that a pod template carries: that of the content, so it stays when the same content is sealed again. */
export const checksumsOf = ({ secrets }: SealLock): Checksums =>
  new Map(Object.entries(secrets).map(([name, { content }]) => [name, contentDigest(content)]));

const contentDigest = (phc: string) => Buffer.from(phc.split("$")[4] ?? "", "base64").toString("hex");

/** The pod template's metadata that rolls the pods when the content of their Secret changes. */
export const rolledBy = (checksums: Checksums, secret: string) =>
  checksums.has(secret) ? { metadata: { annotations: { "checksum/keystore": checksums.get(secret) as string } } } : {};
