import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { validatorsFile } from "generators/network/paths.ts";
import staging from "generators/networks/staging.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { readTree } from "generators/tree.ts";
import { markdownTable } from "markdown-table";
import { median, quantile } from "simple-statistics";
import { linkModules, packages } from "tools/link-modules.ts";
import { kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import { inventedValidators } from "../test/support/networks.ts";
import { args, run } from "./lib/cli.ts";
import { memoryFolder } from "./lib/memory-folder.ts";
import { overlayNames } from "./objects/kustomize.ts";
import { gitleaksCommand } from "./secrets/gitleaks.ts";
import { writeFor } from "./secrets/scan.ts";
import { allContents } from "./secrets/sources.ts";

const usage = `Usage: pnpm bench

Measures gen at 5, 100 and 1000 validators beside plain writing of the same bytes and beside starting Node with the same
imports, and validate beside the programs it runs. Whole commands run in turns, so that a busy machine slows all alike.
Prints the results, writes them to docs/speed.md, and exits 1 when a target is missed.

  --help   this text
`;

const root = resolve(import.meta.dirname, "..");
const rounds = 9;
const sizes = [5, 100, 1000];

// The rows of the table of times.
const gen = (size: number) => `gen, ${size} validators`;
const plain = (size: number) => `plain writing, ${size} validators`;
const imports = "Node with the imports of gen";
const validate = "validate";
const programs = "the programs of validate";

/** Milliseconds that each command took in one round, by its row. */
export type Round = ReadonlyMap<string, number>;

/** Something that must hold, with the number that its value must not exceed. */
interface Target {
  text: string;
  atMost: number;
  unit: "×" | "ms";
  value(ms: (row: string) => number): number;
}

const targets: Target[] = [
  { text: "gen at 5, over Node with its imports", atMost: 90, unit: "ms", value: (ms) => ms(gen(5)) - ms(imports) },
  { text: "gen at 1000, to plain writing", atMost: 6, unit: "×", value: (ms) => ms(gen(1000)) / ms(plain(1000)) },
  { text: "per validator, 1000 to 100", atMost: 1, unit: "×", value: (ms) => ms(gen(1000)) / ms(gen(100)) / 10 },
  { text: "validate, to its programs", atMost: 1.3, unit: "×", value: (ms) => ms(validate) / ms(programs) },
];

/** The middle of some measurements, and the quarters between which half of them lie. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** How some measurements, at least one, are spread. */
export function spread(values: readonly number[]): Spread {
  const [low = Number.NaN, high = Number.NaN] = quantile([...values], [0.25, 0.75]);
  return { median: median([...values]), low, high };
}

/** A target, what it came to, and whether the median of all rounds meets it. */
export interface Judged extends Omit<Target, "value">, Spread {
  isMet: boolean;
}

/** Judges every target. A ratio is taken within a round, whose commands ran side by side, and not between medians. */
export function judge(measured: readonly Round[]): Judged[] {
  return targets.map(({ value, ...target }) => {
    const values = spread(measured.map((round) => value((row) => round.get(row) ?? Number.NaN)));
    return { ...target, ...values, isMet: values.median <= target.atMost };
  });
}

/** What each command took, as a Markdown table. */
export function timesTable(measured: readonly Round[]): string {
  const rows = [...(measured[0]?.keys() ?? [])].map((name) => {
    const { median, low, high } = spread(measured.map((round) => round.get(name) ?? Number.NaN));
    return [name, median.toFixed(0), `${low.toFixed(0)}–${high.toFixed(0)}`];
  });
  return aligned([["command", "median ms", "middle half ms"], ...rows]);
}

/** What each target came to, as a Markdown table. */
export function targetsTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ text, atMost, unit, median, low, high, isMet }) => {
    const [most, middle, from, to] = [atMost, median, low, high].map((value) => value.toFixed(unit === "ms" ? 0 : 2));
    return [text, `${most} ${unit}`, `${middle} ${unit}`, `${from}–${to}`, isMet ? "met" : "missed"];
  });
  return aligned([["target", "at most", "median", "middle half", "verdict"], ...rows]);
}

const aligned = (rows: string[][]) => markdownTable(rows, { align: ["l", "r", "r", "r", "r"] });

/**
 * A page with the results put between its marks, `<!-- results -->` and `<!-- end of results -->`.
 *
 * @throws {OperatorError} when the page lacks the marks.
 */
export function withResults(page: string, results: string): string {
  const marked = /(?<=<!-- results -->\n)[\s\S]*?(?=<!-- end of results -->)/;
  if (!marked.test(page)) throw new OperatorError("docs/speed.md: the marks around the results are missing");
  return page.replace(marked, () => `\n${results}\n\n`);
}

/** A whole command, as a person would start it. */
export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
}

/** The command that a script of package.json stands for: variables, `node`, a file and its arguments. */
export function commandOf(script: string, cwd: string): Command {
  const words = script.split(" ");
  const first = words.indexOf("node");
  const env = Object.fromEntries(words.slice(0, first).map((word) => word.split(/=(.*)/, 2)));
  return { program: process.execPath, args: words.slice(first + 1), cwd, env };
}

/** Runs a command and returns what it printed and the milliseconds it took. Throws OperatorError when it fails. */
function measure({ program, args, cwd, env }: Command): { stdout: string; took: number } {
  const options = { cwd, env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  const took = performance.now() - start;
  if (status === 0) return { stdout, took };
  throw new OperatorError(`${[program, ...args].join(" ")} failed: ${error?.message ?? (stderr || stdout).trim()}`);
}

/** Commands to measure, their times added up. Each run starts after `before`, which no time counts. */
interface Contender {
  name: string;
  before?: () => void;
  commands: Command[];
}

const plainWriting = `
  const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
  const { dirname } = require("node:path");
  const files = Object.entries(JSON.parse(readFileSync("files.json", "utf8")));
  for (const folder of new Set(files.map(([path]) => dirname(path)))) mkdirSync(folder, { recursive: true });
  for (const [path, content] of files) writeFileSync(path, content);
`;

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** `gen` from nothing, in a checkout whose only network has this many validators, and plain writing of what it writes. */
function renderings(size: number, folder: string): Contender[] {
  const [checkout, copy] = [join(folder, `${size}`), join(folder, `${size}-plain`)];
  for (const part of [...packages, "package.json"]) {
    cpSync(join(root, part), join(checkout, part), {
      recursive: true,
      filter: (path) => !["node_modules", "networks"].includes(basename(path)),
    });
  }
  linkModules(checkout);
  const genesis = { ...staging.genesis, params: { poa: { max_validators: size } } };
  const list = join(checkout, validatorsFile(staging.name));
  mkdirSync(join(list, ".."), { recursive: true });
  writeFileSync(list, JSON.stringify(inventedValidators(size)));
  const network = JSON.stringify({ ...staging, genesis });
  writeFileSync(join(checkout, `generators/networks/${staging.name}.ts`), `export default ${network};\n`);

  const command = commandOf(scripts.gen, checkout);
  measure(command);
  const tree = readTree(checkout, ["base", "overlays"], () => true);
  mkdirSync(copy);
  const files = Object.fromEntries([...tree].map(([path, content]) => [path, content.toString()]));
  writeFileSync(join(copy, "files.json"), JSON.stringify(files));

  const clear = (from: string) => () => {
    for (const part of ["base", "overlays"]) rmSync(join(from, part), { recursive: true, force: true });
  };
  const write = { program: process.execPath, args: ["--eval", plainWriting], cwd: copy };
  const start = { ...command, args: [...command.args, "--help"] };
  return [
    // Asked for help, it loads what it imports and does nothing.
    ...(size === sizes[0] ? [{ name: imports, commands: [start] }] : []),
    { name: gen(size), before: clear(checkout), commands: [command] },
    { name: plain(size), before: clear(copy), commands: [write] },
  ];
}

/** `validate` in this repository, and one after the other what it runs side by side. */
async function validation(folder: string): Promise<Contender[]> {
  const [kustomize, kubeconform] = await Promise.all([toolPath("kustomize"), toolPath("kubeconform")]);
  const texts = join(folder, "texts");
  mkdirSync(texts);
  await writeFor(texts, allContents(root));
  const gitleaks = { ...(await gitleaksCommand()), cwd: texts };
  const builds = overlayNames(root).map((overlay): Command => {
    return { program: kustomize, args: ["build", `overlays/${overlay}`], cwd: root };
  });
  const built = join(folder, "built.yaml");
  writeFileSync(built, builds.map((build) => measure(build).stdout).join("---\n"));
  const checks = kubernetesVersions.map(async (version): Promise<Command> => {
    const schemas = `${await schemasDir(version)}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const args = ["-strict", "-summary", "-output", "json", "-schema-location", schemas, built];
    return { program: kubeconform, args, cwd: root };
  });
  return [
    { name: validate, commands: [commandOf(scripts.validate, root)] },
    { name: programs, commands: [...builds, ...(await Promise.all(checks)), gitleaks] },
  ];
}

function measureAll(contenders: readonly Contender[]): Round {
  const times = contenders.map(({ name, before, commands }): [string, number] => {
    before?.();
    return [name, commands.reduce((sum, command) => sum + measure(command).took, 0)];
  });
  return new Map(times);
}

async function bench(): Promise<number> {
  if (args({}).positionals.length > 0) throw new UsageError("bench takes no arguments");
  // In memory where the system has a place for that, so that no disk counts.
  const folder = mkdtempSync(join(memoryFolder() ?? tmpdir(), "bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
  const contenders = [...sizes.flatMap((size) => renderings(size, folder)), ...(await validation(folder))];
  // What the first round leaves in caches, all later ones find there.
  measureAll(contenders);
  const measured = Array.from({ length: rounds }, () => measureAll(contenders));

  const judged = judge(measured);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}, Node ${process.version}`;
  const heading = `${new Date().toISOString().slice(0, 10)}, ${rounds} rounds on ${machine}.`;
  const results = [heading, timesTable(measured), targetsTable(judged)].join("\n\n");
  console.log(results);
  const page = join(root, "docs/speed.md");
  writeFileSync(page, withResults(readFileSync(page, "utf8"), results));
  return judged.every(({ isMet }) => isMet) ? 0 : 1;
}

if (import.meta.main) await run(usage, bench);
