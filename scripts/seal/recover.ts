import { existsSync, readFileSync } from "node:fs";
import type { Network } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import type { Finding } from "../artifacts/read.ts";
import { isDigestOf } from "./content.ts";
import { expectedSecrets } from "./expected.ts";
import { proveContent } from "./keystore.ts";
import { unseal } from "./kubeseal.ts";
import { secretFile } from "./lock.ts";
import type { Gathered, Plain } from "./plain.ts";

/**
 * Everything that a lock lists, opened with the controller's keys, with every proof that it is what was sealed.
 *
 * @throws {OperatorError} when there is nothing to open, or no such key.
 */
export async function recover(
  network: Network,
  files: Tree,
  { secrets }: SealLock,
  keys: readonly string[],
): Promise<Gathered> {
  if (Object.keys(secrets).length === 0) throw new OperatorError(`nothing of ${network.name} is sealed`);
  for (const key of keys) {
    if (!existsSync(key)) throw new OperatorError(`${key} is not there: name the controller's private keys`);
    // To kubeseal a file with no key in it is as good as none.
    if (!/PRIVATE KEY-----|\btls\.key\b/.test(readFileSync(key, "utf8"))) {
      throw new OperatorError(`${key} holds no private key: give PEM files, or the backup of the controller's Secrets`);
    }
  }
  const plains: Plain[] = [];
  const findings: Finding[] = [];
  for (const [name, entry] of Object.entries(secrets)) {
    const file = secretFile(network.name, name);
    const report = (message: string) => void findings.push({ file, message });
    const text = files.get(file);
    if (text === undefined) {
      report("is missing: take it back from git");
      continue;
    }
    try {
      const content = await unseal(text, keys);
      if (!(await isDigestOf(entry.content, content))) {
        report("opens into something else than the lock says was sealed");
        continue;
      }
      const { validator } = expectedSecrets(network).find((each) => each.name === name) ?? {};
      if (validator) findings.push(...proveContent(network, validator, content));
      plains.push({ name, content, ...(entry.validator && { validator: entry.validator }) });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      report(error.message);
    }
  }
  return { plains, findings, warnings: [] };
}
