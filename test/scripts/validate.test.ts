import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "scripts/objects/overlays.ts";
import { rules, topics } from "scripts/rules/index.ts";
import { requirements } from "scripts/validate/requirements.ts";
import { describe, expect, test } from "vitest";
import { edit } from "../support/artifacts.ts";
import { checkout, run } from "../support/checkout.ts";
import { local, staging } from "../support/networks.ts";
import { refuses } from "../support/refusal.ts";

const repository = resolve(import.meta.dirname, "../..");
const overlays = ["argocd", "local", "staging"];
const counts = await Promise.all(overlays.map(async (overlay) => (await build(repository, overlay)).manifests.length));
const objects = counts.reduce((sum, count) => sum + count, 0);
const byOverlay = overlays.map((overlay, i) => `${overlay} ${counts[i]}`).join(", ");
// What the live network opens to everybody besides p2p.
const ports = staging.expose.filter((port) => port !== "p2p");
// The sidecar waits, too.
const workloads = ({ validators }: typeof staging) => validators.length + 1;

test("the committed tree is valid: every step says so, and one says that nothing is sealed yet", () => {
  const { code, stdout, stderr } = run(checkout(), "validate");
  expect(stderr).toBe("");
  expect(stdout.split("\n").map((line) => line.replace(/[\d.]+ s$/, "s"))).toEqual([
    expect.stringMatching(/^✓ generated files {6}\d+ files, s$/),
    `✓ kustomize build      objects: ${byOverlay}, s`,
    `✓ kubeconform 1.33.13  ${objects} objects, s`,
    `✓ kubeconform 1.37.2   ${objects} objects, s`,
    `! rules                ${rules.length} rules, ${objects} objects, s`,
    `    warning local keystores: nothing is sealed yet: ${workloads(local)} workloads wait for \`pnpm seal\``,
    `    warning staging keystores: nothing is sealed yet: ${workloads(staging)} workloads wait for \`pnpm seal\``,
    "      why: A pod whose Secret, or a key of it, is missing never starts. [no-missing-sealed-secret]",
    "      fix: Run `pnpm seal` for the network and commit what it writes.",
    "    warning staging generators/networks/staging.ts spread: 5 validators on 3 machines put 2 on one; the chain can spare 1, so it halts when that machine is lost",
    expect.stringMatching(/^ {6}why: .* \[no-fatal-machines\]$/),
    expect.stringMatching(/^ {6}fix: Add machines until /),
    expect.stringMatching(
      /^ {4}warning staging generators\/networks\/staging\.ts gke\.networkPolicies: cluster \S+ enforces no/,
    ),
    expect.stringMatching(/^ {6}why: .* \[require-enforced-policies\]$/),
    expect.stringMatching(/^ {6}fix: Switch on network policy enforcement/),
    ...ports.map(
      (port, i) =>
        expect.stringContaining(
          `    warning staging generators/networks/staging.ts expose[${i + 1}]: ${port} `,
        ) as unknown,
    ),
    "      why: A validator that is busy with strangers' requests misses its votes, and two that do stop the blocks. [no-public-ports]",
    expect.stringMatching(/^ {6}fix: Move the users of a port/),
    "    warning history: nothing is compared with an earlier commit: this is not a git clone",
    "      why: Only a comparison with an earlier commit shows that a key moves, a validator goes or a genesis changes. [history]",
    expect.stringMatching(/^ {6}fix: /),
    "✓ sealed secrets       local 0, staging 0, s",
    expect.stringMatching(/^✓ tracked files {8}\d+ files, s$/),
    `valid, ${5 + ports.length} warnings`,
    "",
  ]);
  expect(code).toBe(0);
});

test("one overlay alone", () => {
  const { code, stdout } = run(checkout(), "validate", "argocd");
  expect(code).toBe(0);
  expect(stdout).toContain(`objects: argocd ${counts[0]},`);
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
    ["overlays/canary/kustomization.yml", "resources: []\n"],
    ["overlays/canary/keystores/mezo-node-0-keystore.yaml", "kind: SealedSecret\n"],
    ["overlays/argocd/keystores/kustomization.yaml", "resources: []\n"],
    ["overlays/staging/components/kustomization.yaml", "kind: Component\n"],
  ])("%s added", (path, text) => {
    const root = checkout();
    edit(join(root, path), () => text);
    refuses([root], () => run(root, "validate"), { says: `error ${path}: extra` });
  });

  test("an overlay that builds to nothing is an error", () => {
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
    "an overlay that is not YAML",
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
    "an overlay with a field that Kustomize does not know",
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
    "a missing file of a ConfigMap",
    "overlays/staging/config/genesis.json",
    undefined,
    /error staging: .*config\/genesis.json/,
  ],
  [
    "a file of a ConfigMap that is not TOML",
    "overlays/staging/config/config.toml",
    () => "a = [",
    /error: ConfigMap\/mezo-node-config-\w+ config.toml: Invalid TOML document: unfinished array/,
  ],
  [
    "an object that rules cannot be checked on",
    "base/mezo-shared/networkpolicy-node.yaml",
    (text: string) =>
      text.replace("podSelector:\n    matchLabels:\n      app: mezo\n      type: node\n  policyTypes", "policyTypes"),
    /error staging NetworkPolicy\/mezo-node spec: .*podSelector[\s\S]*error staging overlay: the rule can't be checked on these objects: /,
  ],
  [
    "an object without a kind",
    "base/mezo-node-0/service.yaml",
    (text: string) => text.replace("kind: Service\n", ""),
    /error local: .*missing metadata.name|error local: .*kind/,
  ],
  [
    "a duplicate key",
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
    "a kind without a schema",
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
    "an invalid network",
    "generators/networks/staging.ts",
    (text: string) => text.replace("v0.2.0-rc3", "latest"),
    /^error: generators\/networks\/staging.ts:\n {2}image.tag: "latest" moves.*\n$/,
  ],
  [
    "validators that are not a list",
    "generators/networks/staging/validators.json",
    () => "{}",
    /^error: generators\/networks\/staging.ts:\n {2}validators: {} must be a list\n$/,
  ],
  [
    "a lock that is not JSON",
    "overlays/local/keystores/seal.lock.json",
    () => "{",
    /^error: overlays\/local\/keystores\/seal.lock.json:\n {2}is not JSON\n/,
  ],
])("%s is reported once, and nothing else is checked", (_fault, path, change, says) => {
  const root = checkout();
  edit(join(root, path), change);
  expect(refuses([root], () => run(root, "validate"), { says }).stdout).toBe("");
});

test("a keystore that is not sealed is an error once another one is", () => {
  const root = checkout();
  const keystores = join(root, "overlays/local/keystores");
  mkdirSync(keystores, { recursive: true });
  writeFileSync(join(keystores, "kustomization.yaml"), "resources:\n- mezo-node-0-keystore.yaml\n");
  writeFileSync(
    join(keystores, "mezo-node-0-keystore.yaml"),
    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: mezo-node-0-keystore\nspec:\n  encryptedData: {}\n",
  );
  run(root, "gen");
  const says = "there is no SealedSecret mezo-node-1-keystore, though others are sealed";
  const { stdout } = refuses([root], () => run(root, "validate", "local"), { says });
  expect(stdout).toContain("SealedSecret mezo-node-0-keystore has no key node_key.json");
});

test.each([
  [["nope"], "error: there is no overlay nope; there are argocd, local, staging"],
  [["--output", "xml"], "error: there is no output xml; there are text, json, junit, github"],
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

test("--list explains every rule by topic, whom it speaks to, and what the steps require besides", () => {
  const { code, stdout } = run(checkout(), "validate", "--list");
  const [legend, ...groups] = stdout.trim().split(/\n\n(?=\S)/);
  expect(legend).toMatch(/^network: .*\.\ngenerator: .*\.$/);
  expect(groups.map((group) => group.split("\n")[0])).toEqual([
    ...topics.map(({ title }) => title),
    "Besides the rules",
  ]);
  expect(groups.slice(0, -1).map((group) => group.split("\n\n").slice(1))).toEqual(
    topics.map((topic) =>
      topic.rules.map(({ id, brokenBy, why, fix }) => `  ${id} (${brokenBy})\n    ${why}\n    ${fix}`),
    ),
  );
  expect(groups.at(-1)?.split("\n\n").slice(1)).toEqual(
    Object.values(requirements).map(({ id, why, fix }) => `  ${id}\n    ${why}\n    ${fix}`),
  );
  expect(code).toBe(0);
});
