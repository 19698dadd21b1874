import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { edit } from "../support/artifacts.ts";
import { checkout, run } from "../support/checkout.ts";
import { refuses } from "../support/refusal.ts";

/** Every generated file with its content. */
function files(root: string): Record<string, string> {
  const paths = ["base", "overlays"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(paths.sort().map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
}

const staging = "generators/networks/staging.ts";

test("what is committed is what gen makes, from nothing too", () => {
  const root = checkout();
  const committed = files(root);
  expect(run(root, "gen", "--check")).toMatchObject({ code: 0, stderr: "" });
  rmSync(join(root, "base"), { recursive: true });
  rmSync(join(root, "overlays"), { recursive: true });
  const { code, stdout } = run(root, "gen");
  expect(code).toBe(0);
  expect(stdout).toContain(
    `${Object.keys(committed).length + 1} files, ${Object.keys(committed).length} written, 0 removed`,
  );
  expect(files(root)).toEqual(committed);
  expect(run(root, "gen").stdout).toContain("0 written, 0 removed");
});

test("a change writes what follows from it, and no other file", () => {
  const root = checkout();
  edit(join(root, staging), (text) => text.replace('memoryLimit: "16Gi"', 'memoryLimit: "32Gi"'));
  expect(run(root, "gen").stdout).toBe(
    `wrote    overlays/staging/statefulset.yaml\n${run(root, "gen").stdout.replace("0 written", "1 written")}`,
  );
});

test("a file that somebody else wrote after the last run is written again", () => {
  const root = checkout();
  run(root, "gen");
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
  edit(join(root, "base/mezo-rpc/service.yaml"), (text) => text.replace("8545", "8555"));
  expect(run(root, "gen").stdout).toMatch(/^wrote {4}base\/mezo-rpc\/service\.yaml\ngen: .* 1 written, 0 removed\n$/);
});

test("--check lists what is missing, changed and extra, writes nothing and exits 1", () => {
  const root = checkout();
  rmSync(join(root, "base/mezo-rpc/service.yaml"));
  edit(join(root, "overlays/local/config/app.toml"), (text) => `${text}\n`);
  writeFileSync(join(root, "base/mezo-node-0/extra.yaml"), "");
  const before = files(root);
  const { code, stdout } = run(root, "gen", "--check");
  expect(code).toBe(1);
  expect(stdout).toContain("missing  base/mezo-rpc/service.yaml\n");
  expect(stdout).toContain("changed  overlays/local/config/app.toml\n");
  expect(stdout).toContain("extra    base/mezo-node-0/extra.yaml\n");
  expect(stdout).toContain("3 differ: run `pnpm gen` and commit");
  expect(files(root)).toEqual(before);
});

test("a named network's overlay is written, another's is left", () => {
  const root = checkout();
  for (const overlay of ["staging", "local"]) rmSync(join(root, "overlays", overlay, "kustomization.yaml"));
  expect(run(root, "gen", "local").stdout).toContain("wrote    overlays/local/kustomization.yaml\ngen: local:");
  expect(existsSync(join(root, "overlays/staging/kustomization.yaml"))).toBe(false);
});

test("keystores are never touched, and count as soon as they are sealed", () => {
  const root = checkout();
  const keystores = join(root, "overlays/local/keystores");
  mkdirSync(keystores, { recursive: true });
  writeFileSync(join(keystores, "kustomization.yaml"), "resources: []\n");
  expect(run(root, "gen").stdout).toContain("wrote    overlays/local/kustomization.yaml\n");
  expect(readFileSync(join(root, "overlays/local/kustomization.yaml"), "utf8")).toContain("- keystores\n");
  rmSync(join(root, "generators/networks/local.ts"));
  expect(run(root, "gen").code).toBe(0);
  expect(readdirSync(join(root, "overlays/local"))).toEqual(["keystores"]);
});

test("a third network takes one file", () => {
  const root = checkout();
  cpSync(join(root, "generators/networks/local.ts"), join(root, "generators/networks/canary.ts"));
  edit(join(root, "generators/networks/canary.ts"), (text) =>
    text
      .replace('name: "local"', 'name: "canary"')
      .replace("mezo-local", "mezo-canary")
      .replace("31611-10", "31611-11"),
  );
  expect(run(root, "gen").stdout).toContain("gen: canary, local, staging:");
  expect(readFileSync(join(root, "overlays/canary/kustomization.yaml"), "utf8")).toContain("namespace: mezo-canary\n");
  expect(run(root, "gen", "--check").code).toBe(0);
});

const local = "generators/networks/local.ts";
const validators = "generators/networks/staging/validators.json";
const genesis = "generators/networks/staging/genesis.json";
const keystores = "overlays/staging/keystores";

type Break = (root: string) => void;
const at = (path: string, by: (text: string) => string) => (root: string) => edit(join(root, path), by);
const write = (path: string, text: string | Buffer) => (root: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
const remove = (path: string) => (root: string) => rmSync(join(root, path), { recursive: true });
const folder = (path: string) => (root: string) => {
  rmSync(join(root, path), { recursive: true, force: true });
  mkdirSync(join(root, path), { recursive: true });
};
const setting = (text: string) => at(staging, (file) => file.replace("  argocd:", `  settings: ${text},\n  argocd:`));
const replace = (path: string, from: string | RegExp, to: string) => at(path, (text) => text.replace(from, to));
const fromFile = (more: Break) => (root: string) => {
  replace(local, "genesis: staging.genesis", "genesis: { ...other, params: {} }")(root);
  replace(
    local,
    "export default",
    'const other = { kind: "composed" as const, appVersion: "1", time: "2024-10-30T10:44:18Z", balance: "1" };\nexport default',
  )(root);
  replace(staging, /genesis: \{[\s\S]*?\n {2}\},/, 'genesis: { kind: "file" },')(root);
  more(root);
};

describe("a fault: exit 1, its message, no stack, nothing written", () => {
  test.each<[fault: string, breakIt: Break, says: string]>([
    [
      "a moving tag",
      replace(staging, 'tag: "v0.2.0-rc3"', 'tag: "latest"'),
      'image.tag: "latest" moves: pin a release',
    ],
    ["no tag", replace(staging, /tag: "v.*",/, ""), "image: {} must have a tag or a digest"],
    [
      "an unknown key",
      replace(staging, "spread:", "replicas: 2, spread:"),
      "replicas: 2 unknown key; the keys here are",
    ],
    ["a missing key", replace(staging, /spread: .*,/, ""), "staging.ts:\n  spread: is missing"],
    ["a value of another type", replace(staging, '"default"', "5"), "namespace: 5 must be a DNS label"],
    [
      "a number for a quantity",
      replace(staging, 'cpu: "2"', "cpu: 2"),
      "resources.cpu: 2 must be a Kubernetes quantity",
    ],
    ["a BigInt", replace(staging, 'cpu: "2"', "cpu: 2n"), "resources.cpu: 2 must be a Kubernetes quantity"],
    ["a limit under the request", replace(staging, '"16Gi"', '"4Gi"'), '"4Gi" must be at least the request, 8096Mi'],
    ["p2p closed", replace(staging, '["p2p"]', '["rpc"]'), 'expose: ["rpc"] must hold "p2p"'],
    ["a batch that halts", replace(staging, '"one-at-a-time"', "{ batch: 2 }"), "rollout.batch: 2 must be at most 1"],
    ["an immutable field", replace(staging, '"ReadWriteOnce"', '"ReadWriteOncePod"'), "claim templates are immutable"],
    ["hosts without a cloud", replace(staging, /gke: \{[\s\S]*?\n {2}\},/, ""), 'peering: "hosts" must be "services"'],
    ["one address for two", replace(staging, "-rpc-ws-external", "-rpc-external"), "gke.jsonRpc.address already"],
    [
      "a repository without a scheme",
      replace(staging, "https://github", "github"),
      "must be the URL of this repository",
    ],
    ["another name than its file's", replace(staging, 'name: "staging"', 'name: "x"'), 'name: "x" must be "staging"'],
    [
      "an unknown setting",
      setting("{ config: { p2p: { peers: 1 } } }"),
      "settings.config.p2p.peers: 1 unknown setting",
    ],
    ["a setting of another type", setting("{ app: { api: null } }"), "settings.app.api: null must be of type table"],
    [
      "a setting that follows",
      setting('{ config: { moniker: "x" } }'),
      'moniker: "x" follows from the network; change',
    ],
    ["a broken number", setting("{ config: { mempool: { size: 0.5 } } }"), "mempool.size: 0.5 must be a whole number"],
    ["no number", setting("{ config: { mempool: { size: NaN } } }"), "mempool.size: NaN must be a whole number, as in"],
    [
      "too large a number",
      setting("{ app: { 'halt-height': 1e21 } }"),
      "1e+21 must be a whole number, as in halt-height",
    ],
    [
      "several at once",
      (root) => {
        replace(staging, '"16Gi"', '"4Gi"')(root);
        replace(staging, '["p2p"]', '["p2p", "p2p"]')(root);
      },
      `${staging}:\n  expose[1]: "p2p" is listed twice\n  resources.memoryLimit: "4Gi" must be at least the request`,
    ],
    [
      "no TypeScript",
      at(staging, () => "export default {{"),
      "generators/networks/staging.ts:\n  network: can't be read",
    ],
    ["TypeScript that is not erasable", at(staging, (text) => `${text}enum A {}`), "TypeScript enum is not supported"],
    ["a package that is not there", at(staging, (text) => `import "nope";${text}`), "Cannot find package 'nope'"],
    ["no default export", at(staging, () => "export const a = 1;"), "has no network as its default export"],
    ["a promise", at(staging, () => "export default Promise.resolve();"), "has no network as its default export"],
    ["another thing", at(staging, () => "export default { validators: [] };"), "staging.ts:\n  app: is missing"],
    ["what is not defined", replace(staging, /defineNetwork\(\{([\s\S]*)\}\)/, "{$1 more: 1 }"), "more: 1 unknown key"],
    [
      "an exception",
      at(staging, () => 'throw new Error("no disk");'),
      "staging.ts:\n  network: can't be read: no disk",
    ],
    [
      "an exception of no kind",
      at(staging, () => 'throw "no disk";'),
      "staging.ts:\n  network: can't be read: no disk",
    ],
    ["a folder for a network", folder(staging), "staging.ts:\n  network: can't be read: Directory import"],
    [
      "no network",
      (root) => [staging, local].forEach((path) => void remove(path)(root)),
      "no network is declared here; add",
    ],
    [
      "no folder of networks",
      remove("generators/networks"),
      "generators/networks: no network is declared here; add one",
    ],
    ["validators.json missing", remove(validators), "network: can't be read: Cannot find module"],
    ["validators.json empty", write(validators, ""), "staging/validators.json: Unexpected end of JSON input"],
    ["validators.json in conflict", at(validators, (text) => `<<<<<<< HEAD\n${text}`), "Unexpected token '<'"],
    ["validators.json no list", write(validators, "{}"), "staging.ts:\n  validators: {} must be a list"],
    ["validators.json a list of nothing", write(validators, "[null]"), "validators[0]: null must be of type object"],
    ["no validator", write(validators, "[]"), "validators: [] must hold at least one validator"],
    ["a validator's key misspelt", replace(validators, '"nodeId"', '"nodeID"'), "validators[0].nodeId: is missing"],
    [
      "a validator twice",
      at(validators, (text) => text.replace(/(?<=\[)([\s\S]*?\},)/, "$1$1")),
      "one key in two validators",
    ],
    ["a gap", at(validators, (text) => text.replace('"index": 3', '"index": 7')), "validators[3].index: 7 must be 3"],
    [
      "genesis.json missing",
      fromFile(() => {}),
      `genesis.kind: "file" needs ${genesis}, as \`pnpm run import\` writes it`,
    ],
    ["genesis.json no JSON", fromFile(write(genesis, "{")), `genesis: "${genesis}" is not a genesis: no JSON object`],
    [
      "genesis.json of another chain",
      fromFile(write(genesis, '{"chain_id":"a_1-1"}')),
      "is the genesis of a_1-1, and chain",
    ],
    ["genesis.json no UTF-8", fromFile(write(genesis, Buffer.from([0xff]))), `"file" needs UTF-8 text in ${genesis}`],
    ["genesis.json a folder", fromFile(folder(genesis)), `"file" needs UTF-8 text in ${genesis}`],
    [
      "genesis.json over 1 MiB",
      fromFile(write(genesis, JSON.stringify({ chain_id: "mezo_31611-1", x: "x".repeat(2 ** 20) }))),
      'genesis: "1048610 bytes" does not fit: a ConfigMap holds 1048576 bytes (1 MiB) at most',
    ],
    [
      "another network's port in base/",
      replace(local, "validators,", "validators, ports: { p2p: 1 },"),
      "shares base/",
    ],
    [
      "one key in two networks of a chain",
      (root) => {
        cpSync(join(root, local), join(root, "generators/networks/canary.ts"));
        replace("generators/networks/canary.ts", 'name: "local"', 'name: "canary"')(root);
      },
      "is canary's validators[0] of mezo_31611-10 already: one key in two validators signs twice",
    ],
    [
      "two networks in one namespace",
      (root) => {
        cpSync(join(root, staging), join(root, "generators/networks/canary.ts"));
        replace("generators/networks/canary.ts", 'name: "staging"', 'name: "canary"')(root);
      },
      'staging.ts:\n  namespace: "default" is that of canary already, which Argo CD deploys too: each network needs',
    ],
    [
      "a lock that is no JSON",
      write(`${keystores}/seal.lock.json`, "{"),
      `${keystores}/seal.lock.json:\n  is not JSON`,
    ],
    [
      "a lock that is a folder",
      folder(`${keystores}/seal.lock.json`),
      "seal.lock.json: can't be read (EISDIR): take it back",
    ],
  ])("%s", (_fault, breakIt, says) => {
    const root = checkout();
    breakIt(root);
    expect(refuses([root], () => run(root, "gen"), { says }).stdout).toBe("");
  });

  test.each([
    [["nope"], "error: no network nope; generators/networks declares local, staging"],
    [["staging", "nope"], "error: no network nope; generators/networks declares local, staging"],
    [["--force"], "Unknown option '--force'"],
    [["--check=yes"], "Option '--check' does not take an argument"],
  ])("%j: exit 2 and the usage", (args, says) => {
    const root = checkout();
    const { stderr } = refuses([root], () => run(root, "gen", ...args), { code: 2, says });
    expect(stderr).toContain("Usage: pnpm gen");
  });

  test("a disk that takes no more", () => {
    const root = checkout();
    remove("base")(root);
    // A limit on the size of files is a stand-in for a full disk: some are written, and the first larger one is not.
    const attempt = () => {
      const command = ["-c", 'ulimit -f 4; exec "$0" scripts/gen.ts', process.execPath];
      const { status, stdout, stderr } = spawnSync("/bin/sh", command, { cwd: root, encoding: "utf8" });
      return { code: status, stdout, stderr };
    };
    refuses([root], attempt, { says: "error: EFBIG: file too large, write" });
  });
});

test("folders in the places of files are no hindrance", () => {
  const root = checkout();
  const committed = files(root);
  for (const path of ["base/mezo-node-0/service.yaml", "overlays/staging/kustomization.yaml"]) folder(path)(root);
  write("overlays/staging/kustomization.yaml/extra.yaml", "")(root);
  expect(run(root, "gen")).toMatchObject({ code: 0, stderr: "" });
  expect(files(root)).toEqual(committed);
});

test("--help exits 0", () => {
  expect(run(checkout(), "gen", "--help")).toMatchObject({ code: 0, stderr: "" });
});

test("killed or interrupted at any moment, no file is half and the next run completes the tree", async () => {
  const root = checkout();
  const committed = files(root);
  for (let delay = 0; delay < 600; delay += 50) {
    rmSync(join(root, "base"), { recursive: true, force: true });
    rmSync(join(root, "overlays"), { recursive: true, force: true });
    const child: ChildProcess = spawn(process.execPath, ["scripts/gen.ts"], { cwd: root, stdio: "ignore" });
    setTimeout(() => child.kill(delay % 100 === 0 ? "SIGKILL" : "SIGINT"), delay);
    await once(child, "exit");
    const present = existsSync(join(root, "base")) && existsSync(join(root, "overlays")) ? files(root) : {};
    for (const [path, content] of Object.entries(present)) expect(content, path).toBe(committed[path]);
    // A signal that can be heard is heard before the first file or after the last.
    if (delay % 100 !== 0) expect([0, Object.keys(committed).length]).toContain(Object.keys(present).length);
  }
  expect(run(root, "gen").code).toBe(0);
  expect(files(root)).toEqual(committed);
  expect(readdirSync(root).filter((name) => name.startsWith(".gen"))).toEqual([]);
});
