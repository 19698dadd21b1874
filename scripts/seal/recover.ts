import { existsSync, readFileSync } from "node:fs";
import { sidecarSecret } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import type { Sealed, SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { type Content, isDigestOf, type PlainSecret } from "./content.ts";
import { expectedSecrets } from "./expected.ts";
import type { Gathered } from "./gather-secrets.ts";
import { proveContent } from "./keystore.ts";
import { secretFile } from "./keystores-folder.ts";
import { unseal } from "./kubeseal.ts";

/**
 * Every Secret that a lock lists, opened with the controller's private keys, with every proof that it is what was sealed.
 *
 * @param keyFiles paths of the private keys.
 * @param sidecar what the sidecar's Secret must hold, where somebody has said it.
 * @throws {OperatorError} when there is nothing to open, or no private key.
 */
export async function recover(
  network: Network,
  files: Tree,
  { secrets }: SealLock,
  keyFiles: readonly string[],
  sidecar?: Content,
): Promise<Gathered> {
  if (Object.keys(secrets).length === 0) throw new OperatorError(`nothing is sealed for ${network.name}`);
  for (const file of keyFiles) requirePrivateKey(file);
  const recovered: PlainSecret[] = [];
  const findings: Finding[] = [];
  for (const [name, entry] of Object.entries(secrets)) {
    try {
      const secret = await open(network, files, name, entry, keyFiles);
      const { validator } = expectedSecrets(network).find((each) => each.name === name) ?? {};
      if (validator) findings.push(...proveContent(network, validator, secret.content));
      if (name === sidecarSecret.name && sidecar && !isSame(secret.content, sidecar)) {
        const message = `opens to another URL of an Ethereum node than the one given: unless that is wrong, somebody else sealed it, and \`pnpm seal ${network.name}\` seals it anew`;
        findings.push(errorAt(secretFile(network.name, name), "", message));
      }
      recovered.push(secret);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      findings.push(errorAt(secretFile(network.name, name), "", error.message));
    }
  }
  return { secrets: recovered, findings, warnings: [] };
}

/** Whether two contents have the same keys with the same bytes. */
export const isSame = (one: Content, other: Content) =>
  one.size === other.size && [...one].every(([key, bytes]) => other.get(key)?.equals(bytes));

/** kubeseal takes a file without a key for one whose keys do not fit. */
function requirePrivateKey(file: string): void {
  if (!existsSync(file))
    throw new OperatorError(`${file} does not exist: name files with the controller's private keys`);
  if (/PRIVATE KEY-----|\btls\.key\b/.test(readFileSync(file, "utf8"))) return;
  throw new OperatorError(`${file} holds no private key: name PEM files, or a backup of the controller's Secrets`);
}

async function open(
  network: Network,
  files: Tree,
  name: string,
  entry: Sealed,
  keyFiles: readonly string[],
): Promise<PlainSecret> {
  const text = files.get(secretFile(network.name, name));
  if (text === undefined) throw new OperatorError("is missing: restore it from git");
  const content = await unseal(text, keyFiles);
  if (!(await isDigestOf(entry.content, content))) {
    throw new OperatorError("opens, but not to the content that the lock says was sealed");
  }
  return { name, content, ...(entry.validator && { validator: entry.validator }) };
}
