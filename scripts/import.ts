import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { generate } from "generators/generate.ts";
import { loadSources } from "generators/load.ts";
import { genesisFile, networkFile, networksFolder, validatorsFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { chalk } from "zx/core";
import { checkArtifacts } from "./artifacts/check.ts";
import {
  type Change,
  changesBetween,
  checkGenesisOf,
  checkNetwork,
  type Facts,
  isWhole,
  toFacts,
} from "./artifacts/description.ts";
import { artifactsFolder } from "./artifacts/folder.ts";
import { type Artifacts, type Finding, readArtifacts } from "./artifacts/read.ts";
import { args, run } from "./lib/cli.ts";

const usage = `Usage: pnpm run import <network> [--from .public-testnet] [--yes]

Takes the public facts of a chain's testnet artifacts into generators/networks/<network>/: validators.json, and
genesis.json where the network says that its genesis is a file. Then renders, as \`pnpm gen\` does.
Everything is checked first and all findings are shown; with one, nothing is written.
Private keys are read only to prove that their public halves belong to them. Mnemonics and passwords are not read.

  --from DIR   the folder of the artifacts (default: .public-testnet)
  --yes        write without asking
  --help       this text

\`pnpm import\` without \`run\` is a command of pnpm's own.
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values, positionals } = args({
    from: { type: "string", default: ".public-testnet" },
    yes: { type: "boolean", default: false },
  });
  const name = oneNetwork(positionals);
  const folder = await artifactsFolder(values.from);
  const artifacts = readArtifacts(folder);
  const facts = toFacts(artifacts);
  const { network, findings } = await judge(name, artifacts, facts);
  for (const file of artifacts.exposed) {
    console.warn(`${chalk.yellow("warning")} ${file} can be read by everybody on this machine: chmod o-r`);
  }
  if (!network || findings.length > 0)
    throw new OperatorError(`nothing is imported\n${findings.map(format).join("\n")}`);

  const others = artifacts.accounts.length > 0 ? `; accounts beside them: ${artifacts.accounts.join(", ")}` : "";
  console.log(`${facts.length} validators of ${network.chain.id}${others}`);
  const inputs = files(network, artifacts, facts);
  const changed = [...inputs].filter(([path, text]) => current(path) !== text).map(([path]) => path);
  if (changed.length === 0) {
    console.log("nothing differs from what is described");
  } else {
    showTable(changesBetween(described(name), facts));
    console.log(`changes: ${changed.join(", ")}`);
    if (!values.yes) await confirm();
  }
  const { diff } = await generate(root, { inputs });
  console.log(`import: ${diff.missing.length + diff.changed.length} files written, ${diff.extra.length} removed`);
  return 0;
});

function oneNetwork([name, ...more]: string[]): string {
  const names = readdirSync(join(root, networksFolder)).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  if (!name || more.length > 0) throw new UsageError(`name one network: ${names.join(", ")}`);
  if (!names.includes(name)) throw new UsageError(`no network ${name}; ${networksFolder} declares ${names.join(", ")}`);
  return name;
}

/** All that is wrong: within the artifacts, with the network as it would be, and between the two. */
async function judge(name: string, artifacts: Artifacts, facts: readonly Facts[]) {
  const findings = [...artifacts.findings, ...checkArtifacts(artifacts)];
  const whole = isWhole(facts);
  try {
    const inputs = candidates(name, artifacts, whole ? facts : undefined);
    const network = (await loadSources(root, inputs)).find((source) => source.network.name === name)?.network;
    if (!network) return { network, findings };
    const genesis = whole ? checkGenesisOf(network, artifacts) : [];
    return { network, findings: [...findings, ...checkNetwork(network, artifacts), ...genesis] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    // What is described now is about to be replaced; that it would not do either helps nobody.
    if (!whole) return { network: undefined, findings };
    return {
      network: undefined,
      findings: [...findings, { file: networkFile(name), message: `would not do:\n${error.message}` }],
    };
  }
}

/**
 * What the network reads, as it would be. Without facts it is judged by the validators that are described now, and
 * without a genesis by an empty one: that it is missing is said already.
 */
function candidates(name: string, { genesisText = "" }: Artifacts, facts: readonly Facts[] | undefined): Tree {
  const genesis = [genesisFile(name), genesisText] as const;
  return new Map(facts ? [[validatorsFile(name), toJson(facts)], genesis] : [genesis]);
}

/** The files to write. */
function files({ name, genesis }: Network, { genesisText = "" }: Artifacts, facts: readonly Facts[]): Tree {
  const validators = [validatorsFile(name), toJson(facts)] as const;
  return new Map(genesis.kind === "file" ? [validators, [genesisFile(name), genesisText]] : [validators]);
}

function toJson(facts: readonly Facts[]): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function current(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}

/** The validators as they are described now; none where the file is missing or broken, for then it is replaced. */
function described(name: string): Facts[] {
  try {
    const facts = JSON.parse(current(validatorsFile(name)) ?? "[]");
    return Array.isArray(facts) ? facts : [];
  } catch {
    return [];
  }
}

function showTable(changes: readonly Change[]): void {
  const columns = ["validator", "fact", "from", "to"] as const;
  const rows = [
    Object.fromEntries(columns.map((column) => [column, column.toUpperCase()])) as unknown as Change,
    ...changes,
  ];
  const width = (column: keyof Change) => Math.max(...rows.map((row) => row[column].length));
  for (const row of rows)
    console.log(
      columns
        .map((column) => row[column].padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    );
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError("there is no terminal to ask on: --yes writes without asking");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of input close the terminal without an answer.
  const closed = once(terminal, "close").then(() => "");
  const answer = await Promise.race([terminal.question("Write this? [y/N] ").catch(() => ""), closed]);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new OperatorError("nothing is imported");
}

function format({ file, message }: Finding): string {
  return `  ${file ? `${file}: ` : ""}${message}`;
}
