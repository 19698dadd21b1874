import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "scripts/validate/kinds.ts";
import { describe, expect, test } from "vitest";
import { edit } from "../support/artifacts.ts";
import { checkout, run } from "../support/checkout.ts";
import { refuses } from "../support/refusal.ts";

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
    "      why: A pod whose Secret, or a key of it, is not there never starts. [no-missing-sealed-secret]",
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
    edit(join(root, path), (text) => `${text}# edited by hand\n`);
    refuses([root], () => run(root, "validate"), { says: `error ${path}: changed` });
    rmSync(join(root, path));
    refuses([root], () => run(root, "validate"), { says: `error ${path}: missing` });
  });

  test.each([
    ["base/mezo-node-5/service.yaml", "kind: Service\n"],
    ["base/notes.txt", ""],
    ["overlays/staging/extra.yaml", ""],
    ["overlays/canary/kustomization.yaml", "resources: []\n"],
  ])("%s added", (path, text) => {
    const root = checkout();
    edit(join(root, path), () => text);
    refuses([root], () => run(root, "validate"), { says: `error ${path}: extra` });
  });

  test("an overlay that builds to nothing is said, too", () => {
    const root = checkout();
    edit(join(root, "overlays/canary/kustomization.yaml"), () => "resources: []\n");
    refuses([root], () => run(root, "validate", "canary"), { says: /error .*there is no object/ });
  });
});

test.each([
  ...(["base", "overlays"] as const).map(
    (folder) => [`${folder}/ missing`, folder, undefined, new RegExp(`error ${folder}/\\S+: missing`)] as const,
  ),
  [
    "an overlay that is no YAML",
    "overlays/staging/kustomization.yaml",
    () => "a: [",
    /error staging: overlays\/staging does not build: invalid Kustomization: yaml: line 1/,
  ],
  [
    "an overlay in conflict",
    "overlays/staging/kustomization.yaml",
    (text: string) => `<<<<<<< HEAD\n${text}`,
    /error staging: overlays\/staging does not build: invalid Kustomization/,
  ],
  [
    "an overlay with a field that kustomize does not know",
    "overlays/staging/kustomization.yaml",
    (text: string) => `${text}resource: []\n`,
    /error staging: .*unknown field "resource"/,
  ],
  [
    "an object that is listed twice",
    "overlays/staging/kustomization.yaml",
    (text: string) => text.replace("- mezo-rpc", "- mezo-rpc\n- mezo-rpc"),
    /error staging: .*may not add resource with an already registered id/,
  ],
  [
    "a patch of nothing",
    "overlays/staging/mezo-node-0/statefulset.yaml",
    (text: string) => text.replace("name: mezo-node-0", "name: mezo-node-9"),
    /error staging: .*no resource matches/,
  ],
  [
    "a file of a ConfigMap that is not there",
    "overlays/staging/config/genesis.json",
    undefined,
    /error staging: .*config\/genesis.json/,
  ],
  [
    "a file of a ConfigMap that is no TOML",
    "overlays/staging/config/config.toml",
    () => "a = [",
    /error: ConfigMap\/mezo-node-config-\w+ config.toml: Invalid TOML document: unfinished array/,
  ],
  [
    "an object that rules can't look at",
    "base/mezo-shared/networkpolicy-node.yaml",
    (text: string) =>
      text.replace("podSelector:\n    matchLabels:\n      app: mezo\n      type: node\n  policyTypes", "policyTypes"),
    /error staging NetworkPolicy\/mezo-node spec: .*podSelector[\s\S]*error staging overlay: can't be checked on objects like/,
  ],
  [
    "an object without a kind",
    "base/mezo-node-0/service.yaml",
    (text: string) => text.replace("kind: Service\n", ""),
    /error local: .*missing metadata.name|error local: .*kind/,
  ],
  [
    "a key that stands twice",
    "base/mezo-node-0/statefulset.yaml",
    (text: string) => text.replace("replicas: 1", "replicas: 1\n  replicas: 2"),
    /error staging: .*\n?.*already (set|defined)/,
  ],
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
    /error staging Ingress\/mezo-rpc spec.defaultBackend.service.port: Service mezo-rpc has no port 8547\n {6}why: .* \[no-missing-ingress-backend\]\n {6}fix: /,
  ],
] as const)("%s: exit 1, with object and field", (_fault, path, change, says) => {
  const root = checkout();
  if (change) edit(join(root, path), change);
  else rmSync(join(root, path), { recursive: true });
  refuses([root], () => run(root, "validate"), { says });
});

test.each([
  [
    "a network that is wrong",
    "generators/networks/staging.ts",
    (text: string) => text.replace("v0.2.0-rc3", "latest"),
    /^error: generators\/networks\/staging.ts:\n {2}image.tag: "latest" moves.*\n$/,
  ],
  [
    "validators that are none",
    "generators/networks/staging/validators.json",
    () => "{}",
    /^error: generators\/networks\/staging.ts:\n {2}validators: {} must be a list\n$/,
  ],
  [
    "a lock that is none",
    "overlays/local/keystores/seal.lock.json",
    () => "{",
    /^error: overlays\/local\/keystores\/seal.lock.json:\n {2}is not JSON\n/,
  ],
])("%s is said once, and nothing else is checked", (_fault, path, change, says) => {
  const root = checkout();
  edit(join(root, path), change);
  expect(refuses([root], () => run(root, "validate"), { says }).stdout).toBe("");
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
  const says = "no SealedSecret mezo-node-1-keystore, though others are sealed";
  const { stdout } = refuses([root], () => run(root, "validate", "local"), { says });
  expect(stdout).toContain("SealedSecret mezo-node-0-keystore has no key node_key.json");
});

test.each([
  [["nope"], "error: no overlay nope; there are argocd, local, staging"],
  [["--output", "xml"], "error: no output xml; there are text, json, junit, github"],
  [["--outputs", "xml"], "Unknown option '--outputs'"],
])("%j: exit 2", (args, says) => {
  const root = checkout();
  refuses([root], () => run(root, "validate", ...args), { code: 2, says });
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
