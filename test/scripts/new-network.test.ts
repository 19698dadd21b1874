import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSources } from "generators/load.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkout, run } from "../support/checkout.ts";

const chainId = ["--chain-id", "acme_9001-1"];
const onGke = [
  ...["--gke-project", "acme-prod-1", "--gke-cluster", "main", "--domain", "test.acme.org"],
  ...["--image", "ghcr.io/acme/mezod:v0.2.0-rc3"],
];
const repository = ["--repo-url", "https://github.com/acme/networks.git"];

const read = (root: string, path: string) => readFileSync(join(root, path), "utf8");

/** Whether anything of the network was written. */
const isThere = (root: string, name = "acme") =>
  [`generators/networks/${name}.ts`, `generators/networks/${name}`, `overlays/${name}`].some((path) =>
    existsSync(join(root, path)),
  );

// Beside staging and local, with an app of its own: each is rendered as `pnpm gen` would, and no rule finds an error.
test.each<[kind: string, options: string[], network: object]>([
  ["on any Kubernetes", chainId, { app: "acme", namespace: "acme", chain: { id: "acme_9001-1" }, lifecycle: "new" }],
  [
    "on GKE, deployed by Argo CD",
    [...chainId, ...onGke, ...repository, "--gke-nodes", "3", "--validators", "5"],
    { gke: { project: "acme-prod-1", nodes: 3 }, spread: "preferred", argocd: { revision: "main" } },
  ],
  [
    "on GKE, of a release with a price oracle",
    [
      ...chainId,
      ...onGke.slice(0, -1),
      "ghcr.io/acme/mezod:v0.3.0-rc3",
      "--connect-digest",
      `sha256:${"c".repeat(64)}`,
    ],
    { spread: "required", connectSidecar: { image: { digest: `sha256:${"c".repeat(64)}` } } },
  ],
  [
    "in another cluster than Argo CD",
    [...chainId, ...repository, "--destination", "production", "--namespace", "default", "--app", "a"],
    { app: "a", namespace: "default", argocd: { destination: { name: "production" } } },
  ],
])("a network %s", async (_kind, options, expected) => {
  const root = checkout();
  const { code, stdout, stderr } = run(root, "new-network", "acme", ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Next:\n  read generators/networks/acme.ts");
  const source = (await loadSources(root)).find(({ network }) => network.name === "acme");
  expect(source?.network).toMatchObject(expected);
  expect(run(root, "gen", "--check").stdout).toContain("all as generated");
  const { problems } = JSON.parse(run(root, "validate", "acme", "--output", "json").stdout);
  // Of the network and of the files that were written; another test validates the repository itself.
  const own = problems.filter((problem: object) => JSON.stringify(problem).includes("acme"));
  expect(own.filter(({ severity }: { severity: string }) => severity === "error")).toEqual([]);
  expect(own.map(({ id }: { id: string }) => id)).toContain("no-missing-sealed-secret");
});

test("the description says of every field that it sets what it is, and names all others", () => {
  const root = checkout();
  run(root, "new-network", "acme", ...chainId);
  const lines = read(root, "generators/networks/acme.ts").split("\n");
  const fields = lines.flatMap((line, i) => (/^ {2}\w+: /.test(line) ? [lines[i - 1]] : []));
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter((line) => !line?.startsWith("  // "))).toEqual([]);
  expect(lines).toContain("  // paused: The validators that must not run for now. Every `pnpm validate` shows them.");
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

test("two new networks have no validator's key in common", () => {
  const root = checkout();
  const keys = ["acme", "other"].flatMap((name) => {
    expect(run(root, "new-network", name, "--chain-id", "acme_9001-1").code).toBe(0);
    return JSON.parse(read(root, `generators/networks/${name}/validators.json`)).map(
      ({ consensusPubKey }: { consensusPubKey: string }) => consensusPubKey,
    );
  });
  expect(new Set(keys).size).toBe(8);
});

test.each<[fault: string, words: string[], code: number, message: string]>([
  ["no name", chainId, 2, "name one network, such as acme"],
  [
    "a name that is taken",
    ["local", ...chainId],
    1,
    'generators/networks/local.ts:\n  name: "local" is taken: generators/',
  ],
  ["a reserved name", ["argocd", ...chainId], 1, 'name: "argocd" is reserved: overlays/argocd holds the Applications'],
  ["a name that is no DNS label", ["Acme_1", ...chainId], 1, "name: \"Acme_1\" must be a DNS label: a-z, 0-9 and '-'"],
  ["a name with a path in it", ["../acme", ...chainId], 1, 'name: "../acme" must be a DNS label'],
  ["no chain id, without a terminal", ["acme"], 2, "--chain-id: is missing"],
  [
    "several wrong options",
    ["acme", "--chain-id", "Acme", "--denom", "1", "--validators", "0"],
    2,
    "--chain-id Acme: must be an EVM chain id of the form <a-z>_<EVM chain id>-<epoch>",
  ],
  ["an option for another kind", ["acme", ...chainId, "--domain", "acme.org"], 2, "--domain is not for such a network"],
  [
    "a pattern for a cluster",
    ["acme", ...chainId, ...repository, "--destination", "*"],
    2,
    "--destination *: must be a cluster's name in Argo CD",
  ],
  [
    "a namespace of the system",
    ["acme", ...chainId, "--namespace", "kube-acme"],
    1,
    'namespace: "kube-acme" is a namespace',
  ],
  ["an image that moves", ["acme", ...chainId, "--image", "a/b:latest"], 1, 'image.tag: "latest" moves: pin a release'],
  [
    "an app of others",
    ["acme", ...chainId, "--app", "mezo", "--namespace", "default", ...repository],
    1,
    "is already the namespace of staging",
  ],
  ["machines that are too small", ["acme", ...chainId, ...onGke, "--gke-machine", "e2-standard-2"], 1, "resources."],
])("%s is refused, and nothing is written", (_fault, words, code, message) => {
  const root = checkout();
  const before = spawnSync("ls", ["-R", "base", "overlays", "generators/networks"], { cwd: root, encoding: "utf8" });
  const ran = run(root, "new-network", ...words);
  expect(ran.stderr).toContain(message);
  expect(ran.code).toBe(code);
  const after = spawnSync("ls", ["-R", "base", "overlays", "generators/networks"], { cwd: root, encoding: "utf8" });
  expect(after.stdout).toBe(before.stdout);
});

test("a folder of the name that something else left is not taken over", () => {
  const root = checkout();
  mkdirSync(join(root, "overlays/acme/keystores"), { recursive: true });
  const { code, stderr } = run(root, "new-network", "acme", ...chainId);
  expect(stderr).toContain('name: "acme" is taken: overlays/acme is there already');
  expect(code).toBe(1);
});

const hasScript = spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!hasScript)("on a terminal (needs util-linux's script)", () => {
  /** Runs the command on a terminal; each answer is typed when its question is shown. */
  async function onTerminal(root: string, answers: [question: string, typed: string][], options: string[] = []) {
    const command = `"$NODE" scripts/new-network.ts acme ${options.join(" ")}`;
    const child: ChildProcess = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: root,
      env: { ...process.env, NODE: process.execPath, SHELL: "/bin/sh" },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let whole = "";
    let seen = 0;
    const left = [...answers];
    child.stdout?.on("data", (data) => {
      whole += data;
      // One piece of output may hold several of them.
      for (let [next] = left; next && whole.includes(next[0], seen); [next] = left) {
        left.shift();
        seen = whole.indexOf(next[0], seen) + next[0].length;
        if (next[1]) child.stdin?.write(next[1]);
      }
    });
    const [code] = await once(child, "exit");
    return { code, whole, unasked: left.map(([question]) => question) };
  }

  const enter = "\r";
  const questions: [string, string][] = [
    ["Is it on GKE, with public addresses? [y/N]", enter],
    ["The chain's id", `nonsense${enter}`],
    ["nonsense: must be an EVM chain id", ""],
    ["The chain's id", `acme_9001-1${enter}`],
    ["its coin [abtc]: ", enter],
    ["begin with [mezo]: ", enter],
    ["How many validators [4]: ", `7${enter}`],
    ["called after [acme]: ", enter],
    ["Its namespace [acme]: ", enter],
    ["a release of mezod [mezo-node:v0.2.0-rc3]: ", enter],
    ["Argo CD does not deploy it: ", enter],
  ];

  test("asks what the options do not say, with defaults, and again where an answer is wrong", async () => {
    const root = checkout();
    const { code, unasked, whole } = await onTerminal(root, questions);
    expect(unasked, whole).toEqual([]);
    expect(code).toBe(0);
    expect(JSON.parse(read(root, "generators/networks/acme/validators.json"))).toHaveLength(7);
  });

  test("asks nothing that an option says, and nothing at all with --yes", async () => {
    const root = checkout();
    const { code, whole } = await onTerminal(root, [], ["--yes", ...chainId]);
    expect(whole).not.toContain("[abtc]");
    expect(code).toBe(0);
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["the end of input", "\u0004"],
  ])("%s at any question writes nothing", async (_name, key) => {
    const root = checkout();
    for (const length of [2, questions.length]) {
      const answers = questions.slice(0, length);
      const last = answers.pop() as [string, string];
      const { code, whole } = await onTerminal(root, [...answers, [last[0], key]]);
      expect(whole).toContain("nothing was written");
      expect(code).toBe(1);
      expect(isThere(root)).toBe(false);
    }
  });
});
