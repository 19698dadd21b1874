import type { Network } from "generators/network.ts";
import type { SealLock } from "generators/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import type { Finding } from "../artifacts/read.ts";
import { Failure } from "../cli.ts";
import { isDigestOf } from "./content.ts";
import { expectedSecrets } from "./expected.ts";
import { proveContent } from "./keystore.ts";
import { unseal } from "./kubeseal.ts";
import { secretFile } from "./lock.ts";
import type { Plain } from "./plan.ts";

/**
 * Everything that a lock lists, opened with the controller's keys and proven to be what was sealed.
 *
 * @throws {Failure} with every file that does not open, or opens into something else.
 */
export async function recover(
  network: Network,
  files: Tree,
  { secrets }: SealLock,
  keys: readonly string[],
): Promise<Plain[]> {
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
      if (!(error instanceof Failure)) throw error;
      report(error.message);
    }
  }
  if (findings.length > 0) {
    throw new Failure(
      `nothing is recovered\n${findings.map(({ file, message }) => `  ${file}: ${message}`).join("\n")}`,
    );
  }
  return plains;
}
