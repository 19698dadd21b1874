import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout, run } from "../checkout.ts";

/** Every generated file with its content. */
function files(root: string): Record<string, string> {
  const paths = ["base", "overlays"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(paths.sort().map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
}

const edit = (root: string, path: string, change: (text: string) => string) =>
  writeFileSync(join(root, path), change(readFileSync(join(root, path), "utf8")));

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
  edit(root, staging, (text) => text.replace('memoryLimit: "16Gi"', 'memoryLimit: "32Gi"'));
  expect(run(root, "gen").stdout).toBe(
    `wrote    overlays/staging/statefulset.yaml\n${run(root, "gen").stdout.replace("0 written", "1 written")}`,
  );
});

test("a file that somebody else wrote after the last run is written again", () => {
  const root = checkout();
  run(root, "gen");
  expect(run(root, "gen").stdout).toContain(" 0 written, 0 removed");
  edit(root, "base/mezo-rpc/service.yaml", (text) => text.replace("8545", "8555"));
  expect(run(root, "gen").stdout).toMatch(/^wrote {4}base\/mezo-rpc\/service\.yaml\ngen: .* 1 written, 0 removed\n$/);
});

test("--check lists what is missing, changed and extra, writes nothing and exits 1", () => {
  const root = checkout();
  rmSync(join(root, "base/mezo-rpc/service.yaml"));
  edit(root, "overlays/local/config/app.toml", (text) => `${text}\n`);
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
  edit(root, "generators/networks/canary.ts", (text) =>
    text.replace('name: "local"', 'name: "canary"').replace("mezo-local", "mezo-canary"),
  );
  expect(run(root, "gen").stdout).toContain("gen: canary, local, staging:");
  expect(readFileSync(join(root, "overlays/canary/kustomization.yaml"), "utf8")).toContain("namespace: mezo-canary\n");
  expect(run(root, "gen", "--check").code).toBe(0);
});

test.each([
  [
    "a bad value",
    staging,
    (text: string) => text.replace('tag: "v0.2.0-rc3"', 'tag: "latest"'),
    'image.tag: "latest" moves',
  ],
  ["no TypeScript", staging, () => "export default {{", "generators/networks/staging.ts:\n  network: can't be read"],
  ["no default export", staging, () => "export const a = 1;", "has no network as its default export"],
  [
    "a name unlike its file",
    staging,
    (text: string) => text.replace('name: "staging"', 'name: "x"'),
    'must be "staging"',
  ],
  [
    "broken validators.json",
    "generators/networks/staging/validators.json",
    () => "[{",
    "generators/networks/staging.ts:\n  network: can't be read",
  ],
  [
    "a genesis file that is not there",
    staging,
    (text: string) => text.replace(/genesis: \{[\s\S]*?\n {2}\},/, 'genesis: { kind: "file" },'),
    'genesis.kind: "file" needs generators/networks/staging/genesis.json, as `pnpm run import` writes it',
  ],
  [
    "another network's port in the shared base",
    "generators/networks/local.ts",
    (text: string) => text.replace("validators,", "validators,\n  ports: { p2p: 36656 },"),
    'app: "mezo" shares base/',
  ],
])("%s: exit 1, a message, no stack, nothing written", (_fault, path, change, message) => {
  const root = checkout();
  edit(root, path, change);
  const before = files(root);
  const { code, stdout, stderr } = run(root, "gen");
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(files(root)).toEqual(before);
  expect(readdirSync(root).filter((name) => name.startsWith(".gen"))).toEqual([]);
});

test.each([
  [["nope"], "error: no network nope; generators/networks declares local, staging"],
  [["--force"], "Unknown option '--force'"],
])("%j: exit 2 and the usage", (args, message) => {
  const { code, stderr } = run(checkout(), "gen", ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain("Usage: pnpm gen");
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
