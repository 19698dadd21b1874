import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "scripts/validate/kinds.ts";
import { describe, expect, test } from "vitest";
import { checkout, run } from "../checkout.ts";

const edit = (root: string, path: string, change: (text: string) => string) =>
  writeFileSync(join(root, path), change(readFileSync(join(root, path), "utf8")));

test("the committed tree is valid: every step says so, and that nothing is sealed yet", () => {
  const { code, stdout, stderr } = run(checkout(), "validate");
  expect(stderr).toBe("");
  expect(stdout.split("\n").map((line) => line.replace(/[\d.]+ s$/, "s"))).toEqual([
    expect.stringMatching(/^✓ generated files {6}\d+ files, s$/),
    "✓ kustomize build      objects: argocd 2, local 22, staging 27, s",
    "✓ kubeconform 1.29.6   51 objects, s",
    "✓ kubeconform 1.37.2   51 objects, s",
    expect.stringMatching(/^! rules {16}\d+ rules, 51 objects, s$/),
    "    warning local keystores: none is sealed yet: 6 workloads wait for `pnpm seal`",
    "    warning staging keystores: none is sealed yet: 6 workloads wait for `pnpm seal`",
    "      why: A pod whose Secret, or a key of it, is not there never starts. [secret-is-sealed]",
    "      fix: Run `pnpm seal` for the network and commit what it writes.",
    "    warning history: there is no commit to compare genesis with: not a git clone",
    "      why: A changed genesis shows only beside the one before. [history]",
    expect.stringMatching(/^ {6}fix: /),
    "✓ sealed secrets       local 0, staging 0, s",
    expect.stringMatching(/^✓ tracked files {8}\d+ files, s$/),
    "valid, 3 warnings",
    "",
  ]);
  expect(code).toBe(0);
});

test("one overlay alone", () => {
  const { code, stdout } = run(checkout(), "validate", "argocd");
  expect(code).toBe(0);
  expect(stdout).toContain("objects: argocd 2,");
  expect(stdout).not.toContain("keystores");
});

describe("any change below base/ fails", () => {
  const paths = readdirSync(join(import.meta.dirname, "../../base"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split("/base/")[1] ?? "")
    .filter((path) => /^(mezo-node-0|ethereum-sidecar|mezo-shared|mezo-rpc)/.test(path))
    .map((path) => `base/${path}`);

  test.each(paths)("%s deleted, or edited", (path) => {
    const root = checkout();
    edit(root, path, (text) => `${text}# edited by hand\n`);
    const edited = run(root, "validate");
    expect(edited.stdout).toContain(`error ${path}: changed`);
    expect(edited.code).toBe(1);
    rmSync(join(root, path));
    const deleted = run(root, "validate");
    expect(deleted.stdout).toContain(`error ${path}: missing`);
    expect(deleted.code).toBe(1);
  });

  test("a file added", () => {
    const root = checkout();
    mkdirSync(join(root, "base/mezo-node-5"));
    writeFileSync(join(root, "base/mezo-node-5/service.yaml"), "kind: Service\n");
    const { code, stdout } = run(root, "validate");
    expect(stdout).toContain("error base/mezo-node-5/service.yaml: extra");
    expect(code).toBe(1);
  });
});

test.each([
  [
    "an overlay that does not build",
    "overlays/staging/kustomization.yaml",
    (text: string) => text.replace("- mezo-rpc", "- mezo-rcp"),
    /error staging: overlays\/staging does not build: .*mezo-rcp/,
  ],
  [
    "a field that Kubernetes does not know",
    "base/mezo-node-0/service.yaml",
    (text: string) => text.replace("publishNotReadyAddresses", "publishUnready"),
    /error staging Service\/mezo-node-0 spec: .*'publishUnready'/,
  ],
  [
    "a value of the wrong type",
    "base/mezo-node-0/statefulset.yaml",
    (text: string) => text.replace("replicas: 1", "replicas: one"),
    /error local StatefulSet\/mezo-node-0 spec.replicas: .*want.*integer/,
  ],
  [
    "a custom resource of another shape",
    "overlays/staging/mezo-rpc/backendconfig.yaml",
    (text: string) => text.replace("timeoutSec: 5", 'timeoutSec: "5s"'),
    /error staging BackendConfig\/mezo-rpc-backend-config spec.healthCheck.timeoutSec: .*want.*integer/,
  ],
  [
    "a kind there is no schema of",
    "overlays/staging/mezo-rpc/frontendconfig.yaml",
    (text: string) => text.replace("kind: FrontendConfig", "kind: FrontConfig"),
    /error staging FrontConfig\/mezo-rpc-frontend-config: .*could not find schema/,
  ],
  [
    "a rule that does not hold",
    "overlays/staging/mezo-rpc/ingress.yaml",
    (text: string) => text.replace("number: 8545", "number: 8547"),
    /error staging Ingress\/mezo-rpc spec.defaultBackend.service.port: Service mezo-rpc has no port 8547\n {6}why: .* \[ingress-backend-exists\]\n {6}fix: /,
  ],
])("%s: exit 1, with object and field", (_fault, path, change, message) => {
  const root = checkout();
  edit(root, path, change);
  const { code, stdout, stderr } = run(root, "validate");
  expect(stdout).toMatch(message);
  expect(stderr).toBe("");
  expect(code).toBe(1);
});

test("a network that is wrong is said once, and nothing else is checked", () => {
  const root = checkout();
  edit(root, "generators/networks/staging.ts", (text) => text.replace("v0.2.0-rc3", "latest"));
  const { code, stdout, stderr } = run(root, "validate");
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error: generators\/networks\/staging.ts:\n {2}image.tag: "latest" moves.*\n$/);
  expect(code).toBe(1);
});

test("some keystores sealed and others not is an error", () => {
  const root = checkout();
  const keystores = join(root, "overlays/local/keystores");
  mkdirSync(keystores, { recursive: true });
  writeFileSync(join(keystores, "kustomization.yaml"), "resources:\n- mezo-node-0-keystore.yaml\n");
  writeFileSync(
    join(keystores, "mezo-node-0-keystore.yaml"),
    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: mezo-node-0-keystore\nspec:\n  encryptedData: {}\n",
  );
  run(root, "gen");
  const { code, stdout } = run(root, "validate", "local");
  expect(stdout).toContain("no SealedSecret mezo-node-1-keystore, though others are sealed");
  expect(stdout).toContain("SealedSecret mezo-node-0-keystore has no key node_key.json");
  expect(code).toBe(1);
});

test.each([
  [["nope"], 2, "error: no overlay nope; there are argocd, local, staging"],
  [["--output", "xml"], 2, "error: no output xml; there are text, json, junit, github"],
  [["--outputs", "xml"], 2, "Unknown option '--outputs'"],
])("%j: exit 2", (args, exit, message) => {
  const { code, stderr } = run(checkout(), "validate", ...args);
  expect(stderr).toContain(message);
  expect(code).toBe(exit);
});

test("without Go and without the tools: the remedy, and no stack", () => {
  const root = checkout();
  const env = { PATH: "/nonexistent", XDG_CACHE_HOME: join(root, "cache") };
  const { status, stderr } = spawnSync(process.execPath, ["scripts/validate.ts"], { cwd: root, env, encoding: "utf8" });
  expect(stderr).toBe(
    "error: Go is not on the PATH: install Go 1.26 or newer from your package manager, or set KUSTOMIZE to the path of kustomize v5.8.2\n",
  );
  expect(status).toBe(1);
});

test("--list explains every rule, and what the other steps look for", () => {
  const { code, stdout } = run(checkout(), "validate", "--list");
  const files = readdirSync(join(import.meta.dirname, "../../scripts/rules"));
  const ids = files.map((file) => file.replace(".ts", "")).filter((id) => !["index", "rule"].includes(id));
  const lines = stdout.trim().split("\n");
  expect(lines.filter((line) => !line.startsWith(" ")).sort()).toEqual(
    [...ids, ...Object.values(kinds).map(({ id }) => id)].sort(),
  );
  // A name, why it matters, what to do.
  expect(lines).toHaveLength(3 * lines.filter((line) => !line.startsWith(" ")).length);
  expect(lines.filter((line) => line.startsWith(" ")).filter((line) => !/^ {2}\S.*\.$/.test(line))).toEqual([]);
  expect(code).toBe(0);
});
