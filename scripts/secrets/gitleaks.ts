import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { parse } from "smol-toml";
import { toolPath } from "tools/tool.ts";
import { $ } from "zx/core";
import { mnemonicRule } from "./mnemonic.ts";

/** What gitleaks finds. */
export interface Leak {
  /** In the folder, with a path inside of an archive behind an exclamation mark. */
  file: string;
  line: number;
  rule: string;
  /** What it is, such as "a private key". */
  what: string;
  /** Its rule's place among the project's; those of gitleaks come last. */
  rank: number;
  /** For a run of words alone: the words, whose checksum is to be tested, and whether they stood in base64. */
  words?: string;
  isDecoded: boolean;
}

const configFile = resolve(import.meta.dirname, "../../.gitleaks.toml");
const template = join(import.meta.dirname, "report.tmpl");

// Of the longest history that anybody pushes at once. An archive may hold more than any machine can read.
const seconds = 300;

/** Neither a comment beside a secret nor a list of known ones silences gitleaks: both are a pusher's own. */
const options = [
  ["--ignore-gitleaks-allow"],
  ["--report-format", "template", "--report-template", template, "--report-path", "-"],
  // Leaks are no failure: they are in the report.
  ["--exit-code", "0"],
  // Base64 in base64, an archive in an archive.
  ["--max-decode-depth", "2", "--max-archive-depth", "2"],
  ["--timeout", String(seconds)],
  ["--no-banner", "--no-color", "--log-level", "error"],
].flat();

/**
 * Has gitleaks look through all files of a folder.
 *
 * @throws {OperatorError} when it fails, with its words, or does not come to an end.
 */
export async function gitleaks(folder: string): Promise<Leak[]> {
  const program = await toolPath("gitleaks");
  const config = readFileSync(configFile, "utf8") + mnemonicRule;
  // The first variable would win over the second.
  const env = { ...process.env, GITLEAKS_CONFIG: "", GITLEAKS_CONFIG_TOML: config };
  const run = $({ cwd: folder, nothrow: true, quiet: true, env });
  const { exitCode, stdout, stderr } = await run`${program} dir ${options} .`;
  if (stderr.includes("context deadline exceeded")) {
    throw new OperatorError(`gitleaks did not get through all files within ${seconds} seconds`);
  }
  if (exitCode !== 0) throw new OperatorError(`gitleaks failed: ${stderr.trim() || `exit code ${exitCode}`}`);
  const { rules } = parse(config) as unknown as { rules: { id: string; description?: string }[] };
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { decoded, ...leak } = JSON.parse(line);
      const rank = rules.findIndex(({ id }) => id === leak.rule);
      const what = rules[rank]?.description ?? `a secret (${leak.rule})`;
      return { ...leak, what, rank: rank === -1 ? rules.length : rank, isDecoded: (decoded ?? []).length > 0 };
    });
}
