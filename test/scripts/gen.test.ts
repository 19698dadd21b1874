import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { edit } from "../support/artifacts.ts";
import { checkout, run } from "../support/checkout.ts";
import { genesisOf } from "../support/genesis.ts";
import { inventedValidators, manyValidators } from "../support/networks.ts";
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

test("gen makes the committed files, from nothing too", () => {
  const root = checkout();
  const committed = files(root);
  expect(run(root, "gen", "--check")).toMatchObject({ code: 0, stderr: "" });
  rmSync(join(root, "base"), { recursive: true });
  rmSync(join(root, "overlays"), { recursive: true });
  const { code, stdout } = run(root, "gen");
  expect(code).toBe(0);
  const count = Object.keys(committed).length;
  expect(stdout).toContain(`${count} files, ${count} written, 0 removed`);
  expect(files(root)).toEqual(committed);
  expect(run(root, "gen").stdout).toContain("0 written, 0 removed");
});

test("a change writes the files that follow from it and no others", () => {
  const root = checkout();
  edit(join(root, staging), (text) => text.replace('memory: "10Gi"', 'memory: "9Gi"'));
  // The validators, and the gate of each batch, which is made anew for a change of its validators.
  const gates = ["done", "job"].flatMap((object) => [1, 2, 3, 4, 5].map((batch) => `gates/${object}-${batch}.yaml`));
  const written = [...gates, "statefulset.yaml"].map((file) => `wrote    overlays/staging/${file}\n`).join("");
  expect(run(root, "gen").stdout).toBe(`${written}${run(root, "gen").stdout.replace("0 written", "11 written")}`);
});

test("an environment variable that a network reads counts", () => {
  const root = checkout();
  edit(join(root, staging), (text) => text.replace('tag: "v0.2.0-rc3"', 'tag: process.env.MEZOD_TAG ?? "v0.2.0-rc3"'));
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
  vi.stubEnv("MEZOD_TAG", "v0.2.1");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(run(root, "gen").stdout).toContain("wrote    overlays/staging/kustomization.yaml\n");
  expect(readFileSync(join(root, "overlays/staging/kustomization.yaml"), "utf8")).toContain("newTag: v0.2.1\n");
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
});

test("a file outside generators/ that a network reads counts", () => {
  const root = checkout();
  edit(
    join(root, staging),
    (text) =>
      `import release from "../../release.json" with { type: "json" };\n${text.replace('tag: "v0.2.0-rc3"', "tag: release.tag")}`,
  );
  const tagged = (tag: string) => {
    writeFileSync(join(root, "release.json"), JSON.stringify({ tag }));
    return run(root, "gen").stdout;
  };
  expect(tagged("v0.2.0-rc3")).toContain(" 0 written, 0 removed");
  expect(tagged("v0.2.1")).toContain("wrote    overlays/staging/kustomization.yaml\n");
  expect(readFileSync(join(root, "overlays/staging/kustomization.yaml"), "utf8")).toContain("newTag: v0.2.1\n");
});

test("a generated file that somebody edited is written again", () => {
  const root = checkout();
  run(root, "gen");
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
  edit(join(root, "base/mezo-rpc/service.yaml"), (text) => text.replace("8545", "8555"));
  expect(run(root, "gen").stdout).toMatch(/^wrote {4}base\/mezo-rpc\/service\.yaml\ngen: .* 1 written, 0 removed\n$/);
});

test("--check lists missing, changed and extra files, writes nothing and exits with 1", () => {
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

test("only the overlay of the named network is written", () => {
  const root = checkout();
  for (const overlay of ["staging", "local"]) rmSync(join(root, "overlays", overlay, "kustomization.yaml"));
  expect(run(root, "gen", "local").stdout).toContain("wrote    overlays/local/kustomization.yaml\ngen: local:");
  expect(existsSync(join(root, "overlays/staging/kustomization.yaml"))).toBe(false);
});

test("keystores are never touched, and are part of the overlay as soon as they are sealed", () => {
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

test("a third network takes a declaration and its validators", () => {
  const root = checkout();
  canaryOf("local", (text) => text.replace("mezo-local", "mezo-canary").replace("31611-10", "31611-11"))(root);
  const itsOwn = JSON.stringify(inventedValidators(5));
  writeFileSync(join(root, "generators/networks/canary/validators.json"), itsOwn);
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
/** Declares a network canary that is a changed copy of another. */
const canaryOf =
  (name: string, change = (text: string) => text): Break =>
  (root) => {
    const networks = join(root, "generators/networks");
    cpSync(join(networks, name, "validators.json"), join(networks, "canary/validators.json"));
    const declaration = readFileSync(join(networks, `${name}.ts`), "utf8");
    writeFileSync(join(networks, "canary.ts"), change(declaration.replace(`name: "${name}"`, 'name: "canary"')));
  };
const link = (path: string, to: string) => (root: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  rmSync(join(root, path), { force: true });
  symlinkSync(to, join(root, path));
};
const fifo = (path: string) => (root: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  rmSync(join(root, path), { force: true });
  execFileSync("mkfifo", [join(root, path)]);
};
/** A file that has a size and takes no space. */
const sparse = (path: string, bytes: number) => (root: string) => {
  write(path, "")(root);
  truncateSync(join(root, path), bytes);
};
/** A network's file that does something besides exporting the declaration. */
const program = (code: string) => at(staging, (text) => `${text}\n${code}\n`);
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

describe("a fault exits with 1 and its message, shows no stack and writes nothing", () => {
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
    [
      "a BigInt",
      replace(staging, 'cpu: "2"', "cpu: 2n"),
      "staging.ts:\n  resources.cpu: 2n must be text, a finite number",
    ],
    [
      "a Date",
      replace(staging, '"2024-10-30T10:44:18.472565Z"', "new Date(0)"),
      "genesis.time: 1970-01-01T00:00:00.000Z must be text",
    ],
    ["a Map", setting("{ app: new Map([['api', {}]]) }"), "settings.app: Map(1) { 'api' => {} } must be text"],
    ["a function", replace(staging, '"default"', '() => "default"'), "namespace: [Function: namespace] must be text"],
    ["an instance of a class", replace(staging, '"default"', 'new URL("http://x")'), "namespace: URL {"],
    ["a symbol", replace(staging, '"default"', 'Symbol("x")'), "namespace: Symbol(x) must be text"],
    [
      "a getter",
      replace(staging, 'namespace: "default"', 'get namespace() { return "default" }'),
      "namespace: must be a value, not a getter",
    ],
    [
      "an object in itself",
      at(
        staging,
        (text) =>
          `${text.replace("export default", "const own: Record<string, unknown> =").replace(/ satisfies .*/, ";")}\nown.own = own;export default own;`,
      ),
      "is nested more than 32 levels deep",
    ],
    [
      "a key __proto__",
      setting('JSON.parse(\'{ "app": { "__proto__": {} } }\')'),
      "settings.app.__proto__: is a key that JavaScript reserves",
    ],
    ["a prototype in a literal", setting("{ __proto__: { app: {} } }"), "settings: "],
    [
      "a key constructor",
      replace(staging, "spread:", "constructor: {}, spread:"),
      "constructor: is a key that JavaScript reserves",
    ],
    [
      "null in a list of settings",
      setting("{ app: { 'index-events': [null] } }"),
      'settings.app["index-events"][0]: null must not be null',
    ],
    [
      "memory that a machine does not have",
      replace(staging, '"10Gi"', '"16Gi"'),
      'resources.memory: "16Gi" must be at most 10542Mi: a machine has 28252Mi for pods',
    ],
    ["p2p closed", replace(staging, '["p2p", ', "["), '"json-rpc-ws"] must include "p2p", where validators dial'],
    ["a batch that halts", replace(staging, '"one-at-a-time"', "{ batch: 2 }"), "rollout.batch: 2 must be at most 1"],
    ["an immutable field", replace(staging, '"ReadWriteOnce"', '"ReadWriteOncePod"'), "claim templates are immutable"],
    ["hosts without a cloud", replace(local, '"services"', '"hosts"'), 'peering: "hosts" must be "services"'],
    ["one address for two", replace(staging, "-rpc-ws-external", "-rpc-external"), "is already gke.jsonRpc.address"],
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
    ["a setting of another type", setting("{ app: { api: null } }"), "settings.app.api: null must be a table"],
    [
      "a setting that follows from the network",
      setting('{ config: { moniker: "x" } }'),
      'moniker: "x" follows from the network; change',
    ],
    [
      "a fraction for a setting",
      setting("{ config: { mempool: { size: 0.5 } } }"),
      "mempool.size: 0.5 must be a whole number",
    ],
    [
      "a setting that is not a number",
      setting("{ config: { mempool: { size: NaN } } }"),
      "settings.config.mempool.size: NaN must be text, a finite number",
    ],
    [
      "a number that is too large",
      setting("{ app: { 'halt-height': 1e21 } }"),
      "1e+21 must be a whole number, as in halt-height",
    ],
    [
      "several at once",
      (root) => {
        replace(staging, '"10Gi"', '"16Gi"')(root);
        replace(staging, '["p2p", ', '["p2p", "p2p", ')(root);
      },
      `${staging}:\n  expose[1]: "p2p" is listed twice\n  resources.memory: "16Gi" must be at most 10542Mi`,
    ],
    [
      "a file that is not TypeScript",
      at(staging, () => "export default {{"),
      "generators/networks/staging.ts:\n  network: can't be read",
    ],
    ["TypeScript that is not erasable", at(staging, (text) => `${text}enum A {}`), "TypeScript enum is not supported"],
    ["a package that is not installed", at(staging, (text) => `import "nope";${text}`), "Cannot find package 'nope'"],
    [
      "no default export",
      at(staging, () => "export const a = 1;"),
      "staging.ts:\n  network: is missing: write `export default",
    ],
    [
      "null for a network",
      at(staging, () => "export default null;"),
      "staging.ts:\n  network: is missing: write `export default",
    ],
    [
      "a promise for a network",
      at(staging, () => "export default Promise.resolve();"),
      "staging.ts:\n  network: Promise { undefined } must be text, a finite number",
    ],
    ["little of a network", at(staging, () => 'export default { name: "staging" };'), "staging.ts:\n  app: is missing"],
    [
      "validators in the network's own file",
      replace(staging, "export default {", "export default { validators: [],"),
      `${staging}:\n  validators: must be in ${validators}, not here`,
    ],
    [
      "an exception",
      at(staging, () => 'throw new Error("no disk");'),
      "staging.ts:\n  network: can't be read: no disk",
    ],
    [
      "an exception that is not an Error",
      at(staging, () => 'throw "no disk";'),
      "staging.ts:\n  network: can't be read: no disk",
    ],
    [
      "a folder in the place of a network's file",
      folder(staging),
      "staging.ts:\n  network: can't be read: it is a folder, not a file",
    ],
    [
      "a link in the place of a network's file",
      link(staging, "local.ts"),
      "staging.ts:\n  network: can't be read: it is a link, not a file",
    ],
    [
      "a link to nothing",
      link(staging, "nothing.ts"),
      "staging.ts:\n  network: can't be read: it is a link, not a file",
    ],
    [
      "a FIFO in the place of a network's file",
      fifo(staging),
      "staging.ts:\n  network: can't be read: it is a FIFO, not a file",
    ],
    [
      "a network's file that exits",
      program("process.exit(0);"),
      `${staging}:\n  network: ends the process, with exit code 0, while`,
    ],
    [
      "a network's file that exits later",
      program("await null; process.exit();"),
      `${staging}:\n  network: ends the process, with exit code 0, while`,
    ],
    [
      "an await that never ends",
      program("await new Promise(() => {});"),
      `${staging}:\n  network: is never loaded: an await in it never ends`,
    ],
    [
      "an await that never ends, with a timer",
      program("setInterval(() => {}, 1000); await new Promise(() => {});"),
      `${staging}:\n  network: is still not loaded after 10 s`,
    ],
    [
      "a loop",
      program("for (;;);"),
      `${staging}:\n  network: is still not loaded after 10 s: a loop or an await in it never ends`,
    ],
    [
      "a timer",
      program("setTimeout(() => {}, 3_600_000);"),
      `${staging}:\n  network: leaves something running (Timeout); it must only`,
    ],
    [
      "a server",
      program('(await import("node:net")).createServer().listen(0);'),
      `${staging}:\n  network: leaves something running (TCPServerWrap); it must`,
    ],
    [
      "an unhandled rejection",
      program('Promise.reject(new Error("no disk"));'),
      `${staging}:\n  network: fails while it is loaded: no disk`,
    ],
    [
      "an exception in a callback",
      program('queueMicrotask(() => { throw new Error("no disk"); });'),
      `${staging}:\n  network: fails while it is loaded: no disk`,
    ],
    [
      "no network",
      (root) => [staging, local].forEach((path) => void remove(path)(root)),
      "generators/networks: declares no network; add one",
    ],
    ["no folder of networks", remove("generators/networks"), "generators/networks: declares no network; add one"],
    [
      "validators.json missing",
      remove(validators),
      `${validators}: is missing; \`pnpm run import staging\` writes it from the chain's artifacts`,
    ],
    ["validators.json empty", write(validators, ""), `${validators}: is not JSON: Unexpected end of JSON input`],
    [
      "validators.json with merge conflicts",
      at(validators, (text) => `<<<<<<< HEAD\n${text}`),
      `${validators}: is not JSON: Unexpected token '<'`,
    ],
    ["validators.json that is a folder", folder(validators), `${validators}: is a folder, not a file: restore it`],
    [
      "validators.json that is a link",
      link(validators, "../local/validators.json"),
      `${validators}: is a link, not a file: restore it`,
    ],
    ["validators.json that is a FIFO", fifo(validators), `${validators}: is a FIFO, not a file: restore it`],
    ["validators.json of 300 MB", sparse(validators, 300e6), `${validators}: has 286 MiB; the limit is 64 MiB`],
    [
      "a key __proto__ in validators.json",
      replace(validators, '"index": 0', '"__proto__": {}, "index": 0'),
      "validators[0].__proto__: is a key that JavaScript reserves",
    ],
    [
      "validators.json with lists in lists",
      write(validators, "[".repeat(100_000) + "]".repeat(100_000)),
      "is nested more than 32 levels deep",
    ],
    ["validators.json without a list", write(validators, "{}"), "staging.ts:\n  validators: {} must be a list"],
    ["validators.json with null", write(validators, "null"), "staging.ts:\n  validators: null must be a list"],
    ["null for a validator", write(validators, "[null]"), "validators[0]: null must be an object"],
    ["no validator", write(validators, "[]"), "validators: [] must hold at least one validator"],
    ["a validator's key misspelt", replace(validators, '"nodeId"', '"nodeID"'), "validators[0].nodeId: is missing"],
    [
      "a validator twice",
      at(validators, (text) => text.replace(/(?<=\[)([\s\S]*?\},)/, "$1$1")),
      "one key in two validators",
    ],
    [
      "a gap in the indexes",
      at(validators, (text) => text.replace('"index": 3', '"index": 7')),
      "validators[3].index: 7 must be 3",
    ],
    [
      "genesis.json missing",
      fromFile(() => {}),
      `genesis.kind: "file" needs ${genesis}, which \`pnpm run import staging\` writes`,
    ],
    [
      "genesis.json that is not JSON",
      fromFile(write(genesis, "{")),
      `genesis: "${genesis}" is not a genesis: it is not a JSON object`,
    ],
    [
      "genesis.json with a chain id alone",
      fromFile(write(genesis, '{"chain_id":"mezo_31611-1"}')),
      `genesis: "${genesis}" is not a genesis: app_state: is missing`,
    ],
    [
      "genesis.json of strangers",
      fromFile((root) => write(genesis, JSON.stringify(genesisOf(manyValidators(5))))(root)),
      `genesis: "${genesis}" gives the validators that the network describes or lists in \`retired\` 0 of a power of 5`,
    ],
    [
      "genesis.json of another chain",
      fromFile(write(genesis, '{"chain_id":"a_1-1"}')),
      "is the genesis of a_1-1, but chain.id is mezo_31611-1",
    ],
    [
      "genesis.json that is not UTF-8",
      fromFile(write(genesis, Buffer.from([0xff]))),
      `"file" needs a file of UTF-8 text at ${genesis}`,
    ],
    [
      "genesis.json that is a folder",
      fromFile(folder(genesis)),
      `"file" needs a file of UTF-8 text at ${genesis}: is a folder`,
    ],
    [
      "genesis.json that is a FIFO",
      fromFile(fifo(genesis)),
      `"file" needs a file of UTF-8 text at ${genesis}: is a FIFO`,
    ],
    ["genesis.json of 300 MB", fromFile(sparse(genesis, 300e6)), `${genesis}: has 286 MiB; the limit is 64 MiB`],
    [
      "genesis.json over 1 MiB",
      fromFile(write(genesis, JSON.stringify({ chain_id: "mezo_31611-1", x: "x".repeat(2 ** 20) }))),
      'genesis: "1048610 bytes" is too large: a ConfigMap holds at most 1048576 bytes (1 MiB)',
    ],
    [
      "other ports in base/ than another network's",
      replace(local, "peering:", "ports: { p2p: 1 }, peering:"),
      "shares base/",
    ],
    [
      "one key in two networks of a chain",
      canaryOf("local"),
      "is already the key of canary's validators[0] on mezo_31611-10: one key in two validators signs twice",
    ],
    [
      "one key in two networks of two chains",
      canaryOf("local", (text) => text.replace("mezo-local", "mezo-canary").replace("31611-10", "31611-11")),
      "is already the key of canary's validators[0] on mezo_31611-11: one key in two validators signs twice",
    ],
    [
      "two networks in one namespace",
      canaryOf("staging"),
      'staging.ts:\n  namespace: "default" is already the namespace of canary, which Argo CD also deploys: each network needs',
    ],
    [
      "a lock that is not JSON",
      write(`${keystores}/seal.lock.json`, "{"),
      `${keystores}/seal.lock.json:\n  is not JSON`,
    ],
    ["a lock that is a FIFO", fifo(`${keystores}/seal.lock.json`), "seal.lock.json: is a FIFO, not a file: restore it"],
    [
      "a link in the place of an overlay",
      (root) => [remove("overlays/staging"), link("overlays/staging", "local")].forEach((each) => void each(root)),
      "overlays/staging: is a link where a folder must be; remove it",
    ],
    [
      "a link in the place of base/",
      (root) => [remove("base"), link("base", "overlays")].forEach((each) => void each(root)),
      "base: is a link where a folder must be; remove it",
    ],
    [
      "a lock that is a folder",
      folder(`${keystores}/seal.lock.json`),
      "seal.lock.json: is a folder, not a file: restore it",
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
  ])("%j exits with 2 and the usage", (args, says) => {
    const root = checkout();
    const { stderr } = refuses([root], () => run(root, "gen", ...args), { code: 2, says });
    expect(stderr).toContain("Usage: pnpm gen");
  });

  test("a full disk", () => {
    const root = checkout();
    remove("base")(root);
    // A limit on the size of files acts like a full disk: small files are written, and the first larger one is not.
    const attempt = () => {
      const command = ["-c", 'ulimit -f 4; exec "$0" scripts/gen.ts', process.execPath];
      const { status, stdout, stderr } = spawnSync("/bin/sh", command, { cwd: root, encoding: "utf8" });
      return { code: status, stdout, stderr };
    };
    refuses([root], attempt, { says: "error: EFBIG: file too large, write" });
  });
});

test("folders in the places of files are replaced", () => {
  const root = checkout();
  const committed = files(root);
  for (const path of ["base/mezo-node-0/service.yaml", "overlays/staging/kustomization.yaml"]) folder(path)(root);
  write("overlays/staging/kustomization.yaml/extra.yaml", "")(root);
  expect(run(root, "gen")).toMatchObject({ code: 0, stderr: "" });
  expect(files(root)).toEqual(committed);
});

test("links and FIFOs in the places of files are replaced, and what a link names stays", () => {
  const root = checkout();
  const committed = files(root);
  write("elsewhere", "kept")(root);
  link("base/mezo-rpc/service.yaml", "../../elsewhere")(root);
  fifo("overlays/staging/kustomization.yaml")(root);
  const { code, stdout } = run(root, "gen", "--check");
  expect(stdout).toContain("changed  base/mezo-rpc/service.yaml\nchanged  overlays/staging/kustomization.yaml\n");
  expect(code).toBe(1);
  expect(run(root, "gen")).toMatchObject({ code: 0, stderr: "" });
  expect(files(root)).toEqual(committed);
  expect(readFileSync(join(root, "elsewhere"), "utf8")).toBe("kept");
});

test("a link that is called keystores is left alone", () => {
  const root = checkout();
  link("overlays/local/keystores", "../../elsewhere")(root);
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
});

test.each([
  ["a network's file that exits", "gen", "--check"],
  ["a network's file that exits", "validate"],
  ["a network's file that exits", "seal", "--check"],
])("%s fails %s %s", (_fault, ...command) => {
  const root = checkout();
  program("process.exit(0);")(root);
  const [script = "", ...args] = command;
  refuses([root], () => run(root, script, ...args), {
    says: `${staging}:\n  network: ends the process, with exit code 0`,
  });
});

describe("output that nobody gets fails the command, with a sentence and no stack", () => {
  test.each([
    ["a full device", "gen --check", "> /dev/full", "error: the output can't be written (ENOSPC)\n"],
    ["a full device", "gen --help", "> /dev/full", "error: the output can't be written (ENOSPC)\n"],
    ["a full device", "validate --list", "> /dev/full", "error: the output can't be written (ENOSPC)\n"],
    ["a closed pipe", "validate --list", "| (exec <&-; sleep 2)", "error: the output can't be written (EPIPE)\n"],
    ["full devices for both", "gen --check", "> /dev/full 2> /dev/full", ""],
  ])("%s, for %s", (_what, command, to, says) => {
    const [script, ...args] = command.split(" ");
    const line = `{ "$0" scripts/${script}.ts ${args.join(" ")}; echo "exit $?" >&3; } 3>code ${to}`;
    const root = checkout();
    const { stderr } = spawnSync("/bin/sh", ["-c", line, process.execPath], { cwd: root, encoding: "utf8" });
    expect(stderr).toBe(says);
    expect(readFileSync(join(root, "code"), "utf8")).toBe("exit 1\n");
  });
});

test("--help exits with 0", () => {
  expect(run(checkout(), "gen", "--help")).toMatchObject({ code: 0, stderr: "" });
});

test("when gen is killed or interrupted at any moment no file is half written, and the next run completes the tree", async () => {
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
    // gen handles SIGINT before the first file or after the last.
    if (delay % 100 !== 0) expect([0, Object.keys(committed).length]).toContain(Object.keys(present).length);
  }
  expect(run(root, "gen").code).toBe(0);
  expect(files(root)).toEqual(committed);
  expect(readdirSync(root).filter((name) => name.startsWith(".gen"))).toEqual([]);
});

test.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
  "when gen gets %s while it moves files, it moves the rest first",
  (signal) => {
    const root = checkout();
    const committed = files(root);
    rmSync(join(root, "base"), { recursive: true });
    write(
      "signal.mjs",
      `import fs from "node:fs";
     import { syncBuiltinESMExports } from "node:module";
     const { renameSync } = fs;
     let calls = 0;
     fs.renameSync = (...args) => {
       if (++calls === 5) process.kill(process.pid, "${signal}");
       renameSync(...args);
     };
     syncBuiltinESMExports();`,
    )(root);
    spawnSync(process.execPath, ["--import", "./signal.mjs", "scripts/gen.ts"], { cwd: root });
    expect(files(root)).toEqual(committed);
    expect(readdirSync(root).filter((name) => name.startsWith(".gen"))).toEqual([]);
  },
);

test.each([["gen", "--check"], ["validate"], ["seal", "--check"]])(
  "a run that was killed between two moves is named by %s, and mended by gen",
  (script, ...args) => {
    const root = checkout();
    const committed = files(root);
    remove("base/mezo-rpc")(root);
    replace("overlays/local/config/app.toml", "# Generated", "# Edited")(root);
    const edited = files(root);
    write(
      "kill.mjs",
      `import fs from "node:fs";
     import { syncBuiltinESMExports } from "node:module";
     const { renameSync } = fs;
     let calls = 0;
     fs.renameSync = (...args) => (++calls === 4 ? process.kill(process.pid, "SIGKILL") : renameSync(...args));
     syncBuiltinESMExports();`,
    )(root);
    spawnSync(process.execPath, ["--import", "./kill.mjs", "scripts/gen.ts"], { cwd: root });
    expect(files(root)).not.toEqual(edited);
    const says =
      /a command was killed while it replaced files, and has left \.gen-\S+: run `pnpm gen`, which puts them back first/;
    refuses([root], () => run(root, script, ...args), { says });
    const { code, stderr } = run(root, "gen");
    expect(stderr).toContain("a command was killed while it replaced files; they are as they were before it");
    expect(code).toBe(0);
    expect(files(root)).toEqual(committed);
  },
);
