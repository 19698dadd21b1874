import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { leaves } from "generators/mezod/leaves.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import { type Built, build } from "scripts/objects/overlays.ts";
import { rules } from "scripts/rules/index.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { parse } from "smol-toml";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { staging } from "../support/networks.ts";

// The live network's release renders to what is committed. This is what another one changes in it.

const withRelease = (tag: string, more: Partial<NetworkInput> = {}) =>
  defineNetwork({ ...staging, image: { ...staging.image, tag }, ...more } as NetworkInput);

const before = render([{ network: staging }]);

const oracle = {
  "oracle.enabled": "true",
  "oracle.oracle_address": "localhost:8080",
  "oracle.client_timeout": "2s",
  "oracle.metrics_enabled": "true",
  "oracle.price_ttl": "10s",
  "oracle.interval": "1.5s",
};
const v1 = { ...oracle, "json-rpc.api": "eth,net,web3,mezo" };
const v4 = { ...v1, "json-rpc.logs-filter-addr-cap": 30 };
const v9 = { ...v4, "json-rpc.simulate-disabled": false };
const v12 = { ...v9, "json-rpc.enable-js-tracers": false, "json-rpc.get-proof-storage-keys-cap": 1000 };
const chunks = { "statesync.max_snapshot_chunks": 100_000 };

describe.each<[tag: string, app: Record<string, unknown>, config: Record<string, unknown>]>([
  ["v0.2.0-rc3", {}, {}],
  ["v0.3.0-rc3", oracle, {}],
  ["v0.5.0-rc1", oracle, {}],
  ["v1.0.0-rc1", v1, {}],
  ["v4.0.1", v4, {}],
  ["v9.1.0", v9, chunks],
  ["v13.0.0", v12, chunks],
])("staging with %s", (tag, app, config) => {
  const network = withRelease(tag);
  const tree = render([{ network }]);

  test("has the keys of the release, and no other difference in its files", () => {
    expect(differences(tree, "app")).toEqual(app);
    expect(differences(tree, "client")).toEqual({});
    expect(differences(tree, "config")).toEqual(config);
  });

  test("changes the image, the files, and with them what the gates wait for; nothing else", () => {
    const changed = [...tree].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    // The gates know the halt behind which the release may start.
    const expected =
      /^overlays\/staging\/(kustomization\.yaml|config\/(app|config)\.toml|scripts\/gate\.sh|gates\/(job|done)-\d\.yaml)$/;
    expect(changed.filter((path) => !expected.test(path))).toEqual([]);
    expect([...tree.keys()].sort()).toEqual([...before.keys()].sort());
    const lines = (text = "") => text.split("\n");
    const kustomization = lines(tree.get("overlays/staging/kustomization.yaml"));
    const old = lines(before.get("overlays/staging/kustomization.yaml"));
    expect(kustomization.filter((line) => !old.includes(line))).toEqual(
      tag === staging.image.tag ? [] : [`  newTag: ${tag}`],
    );
  });

  test("is a valid overlay", async () => {
    await expectValid(network, tree);
  });
});

describe("a staged upgrade to a release with further keys", () => {
  const network = withRelease("v0.2.0-rc3", { stagedUpgrade: { tag: "v0.3.0-rc3", validators: [4] } });
  const tree = render([{ network }]);

  test("gives its validators files of their own, and the others what they had", async () => {
    expect(differences(tree, "app")).toEqual({});
    expect(differences(tree, "app", "mezo-node-4/config")).toEqual(oracle);
    expect([...tree.keys()].filter((path) => path.endsWith("/app.toml"))).toHaveLength(2);
    await expectValid(network, tree);
  });

  test("shares the files where the release reads the same", () => {
    const patch = withRelease("v0.2.0-rc3", { stagedUpgrade: { tag: "v0.2.1", validators: [4] } });
    expect([...render([{ network: patch }]).keys()].filter((path) => path.endsWith("/app.toml"))).toHaveLength(1);
  });
});

test("further keys of a release that is not known yet go to its files", () => {
  const extra = { app: { "json-rpc": { "new-cap": 5 }, later: { on: true } }, config: { newer: "x" } };
  const tree = render([{ network: withRelease("v14.0.0", { settings: { extra } }) }]);
  expect(differences(tree, "app")).toEqual({ ...v12, "json-rpc.new-cap": 5, "later.on": true });
  expect(differences(tree, "config")).toEqual({ ...chunks, newer: "x" });
});

/** The keys of a rendered file that staging has not, or has with another value. */
function differences(tree: Tree, name: string, folder = "config") {
  const values = (text = "") => leaves(parse(text)).map(([path, value]) => [path.join("."), value] as const);
  const old = new Map(values(before.get(`overlays/staging/config/${name}.toml`)));
  const now = values(tree.get(`overlays/staging/${folder}/${name}.toml`));
  expect(now.length).toBeGreaterThanOrEqual(old.size);
  return Object.fromEntries(now.filter(([path, value]) => JSON.stringify(old.get(path)) !== JSON.stringify(value)));
}

async function expectValid(network: Network, tree: Tree) {
  const root = mkdtempSync(join(tmpdir(), "release-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of tree) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const built: Built = await build(root, network.name);
  for (const version of kubernetesVersions) expect(await conform(version, built.yaml)).toEqual([]);
  const findings = rules.flatMap(({ id, check }) =>
    [...check(built.manifests, network)].map((each) => ({ id, ...each })),
  );
  expect(findings.filter(({ severity, id }) => severity === "error" && id !== "no-missing-sealed-secret")).toEqual([]);
}
