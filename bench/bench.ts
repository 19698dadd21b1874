import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { args, Failure, run, UsageError } from "scripts/cli.ts";
import { parseManifests } from "scripts/manifests.ts";
import { kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import { makeCheckout } from "../test/checkout.ts";
import { builtObjects, makePlace, type Place } from "./network.ts";
import { helmPath, helmVersion, peerVersion, pnpmPath } from "./peers.ts";
import { type Command, type Ground, output, time } from "./run.ts";
import { assertSameObjects } from "./same-objects.ts";
import { timing } from "./statistics.ts";
import { targetsTable, timesTable } from "./table.ts";
import { judge } from "./targets.ts";

const usage = `Usage: pnpm bench [--runs N]

Measures gen and validate as whole commands beside cdk8s, kosko, helm and plain file writing, which render the same
objects, all in turns. Writes the table to bench/results.md. Exits 1 when a target is missed.

  --runs N   how often each command runs (7)
  --help     this text
`;

const node = process.execPath;
const sizes = [5, 100, 1000];
// statfs(2): the type of a file system in memory.
const tmpfs = 0x01021994;

/** A command to measure: each run of it starts after `before`, which no time counts. */
interface Contender {
  name: string;
  before?: () => void;
  commands: Command[];
}

await run(usage, async () => {
  const { values, positionals } = args({ runs: { type: "string", default: "7" } });
  const runs = Number(values.runs);
  if (!/^[1-9]\d{0,2}$/.test(values.runs)) throw new UsageError(`--runs ${values.runs}: must be 1 to 999`);
  if (positionals.length > 0) throw new UsageError(`${positionals.join(" ")}: takes no arguments`);
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => ended.abort(new Failure(`ended by ${signal}`)));
  }
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return await bench(runs, { folder, signal: ended.signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function bench(runs: number, ground: Ground): Promise<number> {
  const contenders = await prepare(ground);
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= runs; round++) {
    process.stderr.write(`round ${round} of ${runs}\n`);
    for (const { name, before, commands } of contenders) {
      before?.();
      let sum = 0;
      for (const command of commands) sum += await time(command, ground);
      times.get(name)?.push(sum);
    }
  }
  const timings = new Map([...times].map(([name, each]) => [name, timing(each)]));
  const judged = judge(timings);
  const tables = `${timesTable(timings)}\n\n${targetsTable(judged)}\n`;
  writeFileSync(join(import.meta.dirname, "results.md"), page(runs, ground, tables));
  console.log(tables);
  return judged.some(({ verdict }) => verdict === "missed") ? 1 : 0;
}

/** Makes the networks and proves that all render the same objects. */
async function prepare(ground: Ground): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const size of sizes) {
    process.stderr.write(`preparing ${size} validators\n`);
    const place = await makePlace(size, ground);
    const peers = await peerContenders(place);
    // For 1000 validators kustomize takes a minute and more; what is right for 5 and 100 is right there.
    if (size <= 100) await proveSame(place, peers, ground);
    contenders.push(...ownContenders(place), ...peers);
  }
  return [...contenders, ...(await commandContenders(ground))];
}

/** The node command beneath a script of package.json. */
function beneath(script: string, cwd: string, ...more: string[]): Command {
  const { scripts } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
  return { program: node, args: [...scripts[script].split(" ").slice(1), ...more], cwd };
}

function ownContenders({ size, folder, checkout }: Place): Contender[] {
  const gen = beneath("gen", checkout);
  const remove = (root: string) => {
    for (const part of ["base", "overlays"]) rmSync(join(root, part), { recursive: true, force: true });
  };
  return [
    { name: `gen, ${size}`, before: () => remove(checkout), commands: [gen] },
    { name: `gen, unchanged, ${size}`, commands: [gen] },
    {
      name: `plain writing, ${size}`,
      before: () => remove(folder),
      commands: [{ program: node, args: ["plain.js", "files.json", "."], cwd: folder }],
    },
  ];
}

async function peerContenders({ size, folder }: Place): Promise<(Contender & { printed?: string })[]> {
  const bin = join(folder, "node_modules");
  return [
    {
      name: `cdk8s synth, ${size}`,
      before: () => rmSync(join(folder, "cdk8s/dist"), { recursive: true, force: true }),
      printed: "cdk8s/dist/network.k8s.yaml",
      // `node main.js` in its configuration is to be this Node; and no look for a newer release.
      commands: [
        {
          program: node,
          args: [join(bin, "cdk8s-cli/bin/cdk8s"), "synth", "--check-upgrade=false"],
          cwd: join(folder, "cdk8s"),
          env: { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
        },
      ],
    },
    {
      name: `kosko generate, ${size}`,
      commands: [
        { program: node, args: [join(bin, "@kosko/cli/bin/kosko.js"), "generate"], cwd: join(folder, "kosko") },
      ],
    },
    {
      name: `helm template, ${size}`,
      commands: [
        {
          program: await helmPath(),
          args: ["template", "network", "helm"],
          cwd: folder,
          env: Object.fromEntries(
            ["CACHE", "CONFIG", "DATA"].map((what) => [`HELM_${what}_HOME`, join(folder, "home")]),
          ),
        },
      ],
    },
  ];
}

async function proveSame(place: Place, peers: Awaited<ReturnType<typeof peerContenders>>, ground: Ground) {
  const ours = await builtObjects(place.checkout, ground);
  for (const { name, printed, commands } of peers) {
    for (const command of commands) {
      const stdout = await output(command, ground);
      const yaml = printed ? readFileSync(join(place.folder, printed), "utf8") : stdout;
      assertSameObjects(name, parseManifests(yaml), ours);
    }
  }
}

/** Commands on a copy of this repository as it is: what a person waits for. */
async function commandContenders(ground: Ground): Promise<Contender[]> {
  const cwd = makeCheckout(join(ground.folder, "repository"));
  const gen = beneath("gen", cwd);
  await time(gen, ground);
  const imports = ["generators/generate.ts", "generators/stamp.ts", "./scripts/cli.ts"];
  const onlyImports = ["--input-type=module", "--eval", imports.map((path) => `import "${path}";`).join("")];
  // pnpm in the repository itself, for only there it looks after what is installed; --check writes nothing.
  const repository = join(import.meta.dirname, "..");
  return [
    { name: "Node with gen's imports", commands: [{ ...gen, args: [...gen.args.slice(0, -1), ...onlyImports] }] },
    { name: "gen --check, by node", commands: [beneath("gen", repository, "--check")] },
    {
      name: "gen --check, by pnpm",
      commands: [{ program: pnpmPath(), args: ["gen", "--check"], cwd: repository }],
    },
    { name: "validate, 5", commands: [beneath("validate", cwd)] },
    { name: "kustomize and kubeconform, 5", commands: await partsOfValidate(cwd, ground) },
  ];
}

/** What validate asks of other programs, one after the other. */
async function partsOfValidate(cwd: string, ground: Ground): Promise<Command[]> {
  const [kustomize, kubeconform] = await Promise.all([toolPath("kustomize"), toolPath("kubeconform")]);
  const built = join(ground.folder, "built");
  mkdirSync(built);
  const overlays = readdirSync(join(cwd, "overlays"));
  const builds = overlays.map((overlay) => ({
    program: kustomize,
    args: ["build", join(cwd, "overlays", overlay)],
    cwd,
  }));
  for (const [i, command] of builds.entries()) writeFileSync(join(built, `${i}.yaml`), await output(command, ground));
  const schemas = await Promise.all(kubernetesVersions.map(schemasDir));
  const checks = schemas.flatMap((schema) =>
    readdirSync(built).map((file) => ({
      program: kubeconform,
      args: ["-strict", "-summary", "-schema-location", `${schema}/{{ .ResourceKind }}{{ .KindSuffix }}.json`, file],
      cwd: built,
    })),
  );
  return [...builds, ...checks];
}

function page(runs: number, { folder }: Ground, tables: string): string {
  const [cpu] = cpus();
  const files = statfsSync(folder).type === tmpfs ? "in memory (tmpfs)" : "on disk";
  const npm = ["cdk8s-cli", "cdk8s", "@kosko/cli", "kubernetes-models"].map((name) => `${name} ${peerVersion(name)}`);
  return `# Results of \`pnpm bench\`

${new Date().toISOString().slice(0, 10)}, ${runs} runs of each command, in turns, with warm caches. ${cpus().length} × ${cpu?.model.trim()},
${process.platform}, Node ${process.version}, files ${files}.
${npm.join(", ")}, helm ${helmVersion()}. This kosko is the newest that the package
registry had, and not its @kosko/env, for which an empty stand-in serves.

A target is met when it is by minima and by medians, and unclear when by one of them alone.

${tables}`;
}
