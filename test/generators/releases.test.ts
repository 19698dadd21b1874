import { leaves } from "generators/mezod/leaves.ts";
import type { Network } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import { type Manifest, ofKind, workloads } from "scripts/objects/manifests.ts";
import { type ValidatorSet, validatorSets } from "scripts/objects/validators.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { parse } from "smol-toml";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import { staging } from "../support/networks.ts";
import { built, connectSidecar, errors, withRelease } from "../support/releases.ts";

// The live network's release renders to what is committed. This is what another one changes in it.

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
const v4 = {
  ...v1,
  "json-rpc.logs-filter-addr-cap": 30,
  "ethereum-sidecar.client.server-address": "localhost:7500",
};
const v9 = { ...v4, "json-rpc.simulate-disabled": false };
const v12 = { ...v9, "json-rpc.enable-js-tracers": false, "json-rpc.get-proof-storage-keys-cap": 1000 };
const chunks = { "statesync.max_snapshot_chunks": 100_000 };

type Sidecars = "shared" | "shared, and Connect" | "own, and Connect";

describe.each<[tag: string, app: Record<string, unknown>, config: Record<string, unknown>, sidecars: Sidecars]>([
  ["v0.2.0-rc3", {}, {}, "shared"],
  ["v0.3.0-rc3", oracle, {}, "shared, and Connect"],
  ["v0.5.0-rc1", oracle, {}, "shared, and Connect"],
  ["v1.0.0-rc1", v1, {}, "shared, and Connect"],
  ["v3.0.1", v1, {}, "shared, and Connect"],
  ["v4.0.1", v4, {}, "own, and Connect"],
  ["v9.1.0", v9, chunks, "own, and Connect"],
  ["v13.0.0", v12, chunks, "own, and Connect"],
])("staging with %s", (tag, app, config, sidecars) => {
  const network = withRelease(tag);
  const tree = render([{ network }]);

  test("has the keys of the release, and no other difference in its files", () => {
    expect(differences(tree, "app")).toEqual(app);
    expect(differences(tree, "client")).toEqual({});
    expect(differences(tree, "config")).toEqual(config);
  });

  test("changes the image, the files, the sidecars, and with them what the gates wait for; nothing else", () => {
    const changed = [...tree].filter(([path, text]) => before.has(path) && before.get(path) !== text);
    // The gates know the halt behind which the release may start, and the alerts which sidecars there are.
    const expected =
      sidecars === "shared"
        ? /^overlays\/staging\/(kustomization\.yaml|config\/(app|config)\.toml|monitoring\/rules\.yaml|scripts\/gate\.sh|gates\/(job|done)-\d\.yaml)$/
        : /^overlays\/staging\/(kustomization\.yaml|config\/(app|config)\.toml|monitoring\/rules\.yaml|scripts\/gate\.sh|gates\/(job|done)-\d\.yaml|mezo-node-\d\/(kustomization|statefulset)\.yaml)$/;
    expect(changed.map(([path]) => path).filter((path) => !expected.test(path))).toEqual([]);
    const added = [...tree.keys()].filter((path) => !before.has(path));
    const removed = [...before.keys()].filter((path) => !tree.has(path));
    expect(added.sort()).toEqual([...filesOfConnect(sidecars), ...filesOfOwn(sidecars)].sort());
    expect(removed.every((path) => /^(base\/mezo-|overlays\/staging\/)ethereum-sidecar\//.test(path))).toBe(true);
    expect(removed.length > 0).toBe(sidecars === "own, and Connect");
    const lines = (text = "") => text.split("\n");
    const kustomization = lines(tree.get("overlays/staging/kustomization.yaml"));
    const old = lines(before.get("overlays/staging/kustomization.yaml"));
    expect(kustomization.filter((line) => !old.includes(line))).toEqual([
      ...(sidecars === "own, and Connect" ? ["  - scripts/ethereum-sidecar.sh"] : []),
      ...(tag === staging.image.tag ? [] : [`  newTag: ${tag}`]),
      ...(sidecars === "shared" ? [] : ["- connect"]),
    ]);
  });

  test("is a valid overlay, with the sidecars of the release", async () => {
    const manifests = await expectValid(network, tree);
    const image = `${staging.image.repository}:${tag}`;
    const oracle = `ghcr.io/skip-mev/connect-sidecar@${connectSidecar.image.digest}`;
    const indexes = [0, 1, 2, 3, 4];
    expect(imagesOf(manifests, "Deployment")).toEqual([
      ...(sidecars === "own, and Connect" ? [] : [`ethereum-sidecar: ethereum-sidecar ${image}`]),
      ...(sidecars === "shared" ? [] : indexes.map((i) => `mezo-node-${i}-connect: connect ${oracle}`)),
    ]);
    expect(imagesOf(manifests, "StatefulSet")).toEqual(
      indexes.map((i) =>
        [
          `mezo-node-${i}: mezo-node ${image}`,
          ...(sidecars === "own, and Connect" ? [`ethereum-sidecar ${image}`] : []),
        ].join(),
      ),
    );
    const sets = validatorSets(manifests);
    expect(sets.map(oracleOf)).toEqual(
      indexes.map((i) => (sidecars === "shared" ? undefined : `mezo-node-${i}-connect.default.svc.cluster.local:8080`)),
    );
    // A validator is ready or not by its node alone: nothing else in its pod has a probe, or starts before it.
    for (const { spec } of sets) {
      const { initContainers = [], containers = [] } = spec.template.spec ?? {};
      expect(initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
        ["preflight", undefined],
      ]);
      expect(containers.filter(({ readinessProbe, livenessProbe }) => readinessProbe || livenessProbe)).toHaveLength(1);
    }
  });
});

const filesOfConnect = (sidecars: Sidecars) =>
  sidecars === "shared"
    ? []
    : [
        ...["kustomization", "networkpolicy", "networkpolicy-node"].map((file) => `connect/${file}.yaml`),
        ...[0, 1, 2, 3, 4].flatMap((i) => [
          `connect/deployment-${i}.yaml`,
          `connect/service-${i}.yaml`,
          `mezo-node-${i}/service-internal.yaml`,
        ]),
      ].map((path) => `overlays/staging/${path}`);

const filesOfOwn = (sidecars: Sidecars) =>
  sidecars === "own, and Connect"
    ? [
        "overlays/staging/scripts/ethereum-sidecar.sh",
        ...[0, 1, 2, 3, 4].map((i) => `overlays/staging/mezo-node-${i}/networkpolicy-ethereum.yaml`),
      ]
    : [];

/** The workloads of a kind, each with the images of its containers. */
const imagesOf = (manifests: readonly Manifest[], kind: string) =>
  workloads(manifests)
    .filter(({ manifest }) => manifest.kind === kind)
    .map(({ manifest: { metadata }, template: { spec } }) => {
      const images = (spec?.containers ?? []).map(({ name, image }) => `${name} ${image}`);
      return `${metadata.name}: ${images.join()}`;
    })
    .sort();

/** Where a validator's node is told to find prices. */
const oracleOf = ({ spec }: ValidatorSet) =>
  spec.template.spec?.containers[0]?.env?.find(({ name }) => name === "MEZOD_ORACLE_ORACLE_ADDRESS")?.value;

describe("a staged upgrade to a release with further keys", () => {
  const network = withRelease("v0.2.0-rc3", { stagedUpgrade: { tag: "v0.3.0-rc3", validators: [4] } });
  const tree = render([{ network }]);

  test("gives its validators files of their own, and the others what they had", async () => {
    expect(differences(tree, "app")).toEqual({});
    expect(differences(tree, "app", "mezo-node-4/config")).toEqual(oracle);
    expect([...tree.keys()].filter((path) => path.endsWith("/app.toml"))).toHaveLength(2);
    const manifests = await expectValid(network, tree);
    expect(ofKind(manifests, "Deployment").map(({ metadata }) => metadata.name)).toEqual([
      "ethereum-sidecar",
      "mezo-node-4-connect",
    ]);
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
  const { yaml, manifests } = await built(network, tree);
  for (const version of kubernetesVersions) expect(await conform(version, yaml)).toEqual([]);
  expect(errors(manifests, network)).toEqual([]);
  return manifests;
}
