import { resolve } from "node:path";
import { declaredNetworks, refuseUnknownNetworks } from "generators/declared.ts";
import { readRegular } from "generators/files.ts";
import { generate } from "generators/generate.ts";
import { loadSources } from "generators/load.ts";
import { genesisFile, networkFile, validatorsFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import type { Source } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import { checkArtifacts } from "./artifacts/check.ts";
import {
  type Change,
  changesBetween,
  checkGenesisOf,
  checkNetwork,
  type Facts,
  isWhole,
  toFacts,
  withAddresses,
} from "./artifacts/description.ts";
import { exposureWarning } from "./artifacts/exposed.ts";
import { artifactsFolder, defaultArtifacts } from "./artifacts/folder.ts";
import { type Artifacts, readArtifacts } from "./artifacts/read.ts";
import { args, run } from "./lib/cli.ts";
import { errorAt } from "./lib/finding.ts";
import { confirm } from "./lib/prompt.ts";
import { refuseFindings, warn } from "./lib/report.ts";
import { beginWriting } from "./lib/writing.ts";

const usage = `Usage: pnpm run import <network> [--from ${defaultArtifacts}] [--yes]

Copies the public facts of a chain's testnet artifacts into generators/networks/<network>/: validators.json, and
genesis.json where the network declares its genesis as a file. Then renders, as \`pnpm gen\` does.
Everything is checked first and every finding is shown; where there is one, nothing is written.
Private keys are read only to prove that their public halves match. Mnemonics and passwords are never read.

  --from DIR   the folder of the artifacts (default: ${defaultArtifacts})
  --yes        write without asking
  --help       show this text

\`pnpm import\`, without \`run\`, is one of pnpm's own commands.
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values, positionals } = args({
    from: { type: "string", default: defaultArtifacts },
    yes: { type: "boolean", default: false },
  });
  const name = oneNetwork(positionals);
  beginWriting(root);
  const artifacts = readArtifacts(await artifactsFolder(values.from));
  for (const file of artifacts.exposed) warn(exposureWarning(file));
  const facts = withAddresses(toFacts(artifacts), describedFacts(name));
  const { network } = await sourceWith(name, artifacts, facts);

  const others = artifacts.accounts.length > 0 ? `; other accounts: ${artifacts.accounts.join(", ")}` : "";
  console.log(`${facts.length} validators of ${network.chain.id}${others}`);
  const inputs = filesToWrite(network, artifacts, facts);
  const changed = [...inputs].filter(([path, text]) => currentText(path) !== text).map(([path]) => path);
  if (changed.length === 0) {
    console.log("the network is already described by these artifacts");
  } else {
    showTable(changesBetween(describedFacts(name), facts));
    console.log(`changes: ${changed.join(", ")}`);
    if (!values.yes && !(await confirm("Write this?", "pass --yes to write without asking"))) {
      throw new OperatorError("nothing was imported");
    }
  }
  const { diff } = await generate(root, { inputs });
  console.log(`import: ${diff.missing.length + diff.changed.length} files written, ${diff.extra.length} removed`);
  return 0;
});

function oneNetwork([name, ...more]: string[]): string {
  const declared = declaredNetworks(root);
  if (!name || more.length > 0) throw new UsageError(`name one network: ${declared.join(", ")}`);
  refuseUnknownNetworks([name], declared);
  return name;
}

/**
 * The network as these artifacts would make it.
 *
 * @throws {OperatorError} with all that is wrong: within the artifacts, with the network, and between the two.
 */
async function sourceWith(name: string, artifacts: Artifacts, facts: readonly Facts[]): Promise<Source> {
  const isComplete = isWhole(facts);
  const source = await loadWith(candidates(name, artifacts, isComplete ? facts : undefined), name);
  const isLoaded = !(source instanceof OperatorError);
  const findings = [...artifacts.findings, ...checkArtifacts(artifacts, isLoaded ? source.network : undefined)];
  if (isLoaded) {
    findings.push(...checkNetwork(source.network, artifacts), ...(isComplete ? checkGenesisOf(source, artifacts) : []));
  } else if (isComplete) {
    findings.push(errorAt(networkFile(name), "", `would not be valid:\n${source.message}`));
  }
  // Otherwise the network as described now is not valid, and is about to be replaced: nobody needs to know.
  refuseFindings("nothing was imported", findings);
  if (!isLoaded) throw source;
  return source;
}

async function loadWith(inputs: Tree, name: string): Promise<Source | OperatorError> {
  try {
    const sources = await loadSources(root, inputs);
    return sources.find(({ network }) => network.name === name) as Source;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}

/**
 * The files that the network reads, as they would be. Without facts it is judged by the validators that are described
 * now, and without a genesis by an empty one: that it is missing is reported already.
 */
function candidates(name: string, { genesisText = "" }: Artifacts, facts: readonly Facts[] | undefined): Tree {
  const genesis = [genesisFile(name), genesisText] as const;
  return new Map(facts ? [[validatorsFile(name), toJson(facts)], genesis] : [genesis]);
}

function filesToWrite({ name, genesis }: Network, { genesisText = "" }: Artifacts, facts: readonly Facts[]): Tree {
  const validators = [validatorsFile(name), toJson(facts)] as const;
  return new Map(genesis.kind === "file" ? [validators, [genesisFile(name), genesisText]] : [validators]);
}

function toJson(facts: readonly Facts[]): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function currentText(path: string): string | undefined {
  // What is not a file, such as a link, is replaced.
  try {
    return readRegular(root, path).toString();
  } catch {
    return undefined;
  }
}

/** The validators as described now; none where the file is missing or broken, because it is about to be replaced. */
function describedFacts(name: string): Facts[] {
  try {
    const facts = JSON.parse(currentText(validatorsFile(name)) ?? "[]");
    return Array.isArray(facts) ? facts : [];
  } catch {
    return [];
  }
}

function showTable(changes: readonly Change[]): void {
  const columns = ["validator", "fact", "from", "to"] as const;
  const header = Object.fromEntries(columns.map((column) => [column, column.toUpperCase()])) as unknown as Change;
  const rows = [header, ...changes];
  const width = (column: keyof Change) => Math.max(...rows.map((row) => row[column].length));
  for (const row of rows) {
    const cells = columns.map((column) => row[column].padEnd(width(column)));
    console.log(cells.join("  ").trimEnd());
  }
}
