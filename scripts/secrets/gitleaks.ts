import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { parse } from "smol-toml";
import { toolPath } from "tools/tool.ts";
import { quietly } from "../lib/program.ts";
import { mnemonicRule } from "./mnemonic.ts";

/** What gitleaks found. */
export interface Leak {
  /** Relative to the folder; the path in an archive follows an exclamation mark. */
  file: string;
  line: number;
  rule: string;
  /** What it is, such as "a private key". */
  what: string;
  /** The rule's position in .gitleaks.toml; the rules that gitleaks brings come last. */
  rank: number;
  /** Only for the rule "mnemonic": the words, whose checksum is still to be tested. */
  words?: string;
  /** Whether it was found in base64 or another encoding. */
  isDecoded: boolean;
}

const configFile = resolve(import.meta.dirname, "../../.gitleaks.toml");
const template = join(import.meta.dirname, "report.tmpl");

// Enough for a long history that is pushed at once. Without an end, an archive could keep gitleaks busy for ever.
const seconds = 300;

/**
 * The command that searches all files of the folder it runs in. Comments and files that tell gitleaks to ignore a secret
 * have no effect: whoever pushes a secret could push them, too.
 *
 * @throws {OperatorError} when gitleaks cannot be built.
 */
export async function gitleaksCommand() {
  const args = [
    "dir",
    "--ignore-gitleaks-allow",
    ...["--report-format", "template", "--report-template", template, "--report-path", "-"],
    // A failure must not look like a finding; findings are in the report.
    ...["--exit-code", "0"],
    // Base64 in base64, and an archive in an archive.
    ...["--max-decode-depth", "2", "--max-archive-depth", "2"],
    ...["--timeout", String(seconds)],
    ...["--no-banner", "--no-color", "--log-level", "error"],
    ".",
  ];
  const config = readFileSync(configFile, "utf8") + mnemonicRule;
  // The first variable, if set, has precedence over the second.
  const env = { GITLEAKS_CONFIG: "", GITLEAKS_CONFIG_TOML: config };
  return { program: await toolPath("gitleaks"), args, env };
}

/**
 * Searches all files of a folder with gitleaks.
 *
 * @param hasBegun called once gitleaks runs.
 * @throws {OperatorError} with gitleaks' own words when it fails, and when it takes longer than five minutes.
 */
export async function gitleaks(folder: string, hasBegun = () => {}): Promise<Leak[]> {
  const { program, args, env } = await gitleaksCommand();
  const run = quietly({ cwd: folder, env: { ...process.env, ...env } });
  const running = run`${program} ${args}`;
  hasBegun();
  const { exitCode, stdout, stderr } = await running;
  if (stderr.includes("context deadline exceeded")) {
    throw new OperatorError(
      `gitleaks did not search all files within ${seconds} seconds; is there an archive that is far larger unpacked?`,
    );
  }
  if (exitCode !== 0) throw new OperatorError(`gitleaks failed: ${stderr.trim() || `exit code ${exitCode}`}`);
  const { rules } = parse(env.GITLEAKS_CONFIG_TOML) as unknown as { rules: { id: string; description?: string }[] };
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
