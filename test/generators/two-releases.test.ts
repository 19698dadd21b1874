import type { Network } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { type Manifest, ofKind } from "scripts/objects/manifests.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { parse } from "smol-toml";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import { staging } from "../support/networks.ts";
import { built, connectSidecar, errors, planned, withRelease } from "../support/releases.ts";
import { type Any, copied, podSpec } from "../support/rules/overlay.ts";

// While an upgrade is planned, each pod holds two releases, and has beside it what either needs.

const connects = [0, 1, 2, 3, 4].map((index) => `mezo-node-${index}-connect`);
const server = (network: Network) =>
  (parse(render([{ network }]).get("overlays/staging/config/app.toml") ?? "") as Any)["ethereum-sidecar"].client[
    "server-address"
  ];

const shared = "ethereum-sidecar.default.svc.cluster.local:7500";
const own = "localhost:7500";

describe.each<
  [from: string, name: string, height: number, to: string, isShared: boolean, hasOwn: boolean, file: string]
>([
  ["v0.2.0-rc3", "v0.3.0", 1_093_500, "v0.3.0-rc3", true, false, shared],
  ["v2.0.2", "v3.0.0", 5_695_000, "v3.0.1", true, false, shared],
  ["v3.0.1", "v4.0.0", 6_853_500, "v4.0.1", true, true, shared],
  ["v4.0.1", "v5.0.0", 8_838_000, "v5.0.0", false, true, own],
])("from %s at the plan %s", (from, name, height, to, isShared, hasOwn, file) => {
  const network = planned(from, { name, height, tag: to });

  test("the overlay has what both need, and keeps the rules", async () => {
    const { manifests, yaml } = await built(network);
    for (const version of kubernetesVersions) expect(await conform(version, yaml)).toEqual([]);
    expect(errors(manifests, network)).toEqual([]);
    expect(ofKind(manifests, "Deployment").map(({ metadata }) => metadata.name)).toEqual([
      ...(isShared ? ["ethereum-sidecar"] : []),
      ...connects,
    ]);
    for (const set of ofKind(manifests, "StatefulSet")) {
      const { containers } = podSpec(set);
      const image = `${staging.image.repository}:${from}`;
      // Both are of the release that runs, and follow the plan by the program that is mounted.
      expect(containers.map(({ name, image }: Any) => [name, image])).toEqual([
        ["mezo-node", image],
        ...(hasOwn ? [["ethereum-sidecar", image]] : []),
      ]);
      expect(containers[0].env).toContainEqual({
        name: "MEZOD_ORACLE_ORACLE_ADDRESS",
        value: `${set.metadata.name}-connect.default.svc.cluster.local:8080`,
      });
      for (const { volumeMounts } of containers) {
        expect(volumeMounts).toContainEqual({ name: "next", mountPath: "/next", readOnly: true });
      }
    }
  });

  test("both read the files of the release that runs, until the upgrade is finished", () => {
    const app = (of: Network) => render([{ network: of }]).get("overlays/staging/config/app.toml");
    expect(app(network)).toBe(app(withRelease(from)));
    expect(server(network)).toBe(file);
  });
});

test("only the validators of the bridge get an ethereum-sidecar with the planned release", async () => {
  const plan = { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" };
  const { ethereumSidecar } = planned("v3.0.1", plan);
  const network = planned("v3.0.1", plan, { ethereumSidecar: { ...ethereumSidecar, bridge: [1] } });
  const { manifests } = await built(network);
  const sets = ofKind(manifests, "StatefulSet");
  expect(sets.map((set) => podSpec(set).containers.length)).toEqual([1, 2, 1, 1, 1]);
  expect(errors(manifests, network)).toEqual([]);
});

test("a validator in maintenance sleeps beside its sidecar, which waits for the node", async () => {
  const maintenance = [{ validator: 3, reason: "its database is copied" }];
  const network = planned("v4.0.1", { name: "v5.0.0", height: 8_838_000, tag: "v5.0.0" }, { maintenance });
  const { manifests } = await built(network);
  expect(errors(manifests, network)).toEqual([]);
  const pod = podSpec(ofKind(manifests, "StatefulSet")[3] as Manifest);
  expect(pod.containers.map(({ name, readinessProbe }: Any) => [name, readinessProbe])).toEqual([
    ["mezo-node", undefined],
    ["ethereum-sidecar", undefined],
  ]);
});

test("what the planned release needs must be declared before it is rolled out", () => {
  const plan = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
  expect(() => planned("v0.2.0-rc3", plan, { connectSidecar: undefined })).toThrow(
    "connectSidecar: is missing: validators of v0.3.0-rc3 vote on prices, which Connect tells them",
  );
  expect(() => planned("v0.2.0-rc3", plan, { settings: { app: { grpc: { enable: false } } } })).toThrow("grpc");
  const port = staging.ports.grpc;
  const { ethereumSidecar } = staging;
  const later = { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" };
  expect(() => planned("v3.0.1", later, { ethereumSidecar: { ...ethereumSidecar, port } })).toThrow(
    "is already ports.grpc: the sidecar is in the validator's pod",
  );
});

const plan = { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" };
const leaving = planned("v3.0.1", plan);
const { manifests: complete } = await built(leaving);

test.each<[string, (sidecar: Any) => void, string]>([
  [
    "that does not see the planned release",
    ({ volumeMounts }) =>
      volumeMounts.splice(
        volumeMounts.findIndex(({ name }: Any) => name === "next"),
        1,
      ),
    "containers[1].volumeMounts: must have mountPath /next",
  ],
  [
    "that does not know what the node runs",
    ({ volumeMounts }) =>
      volumeMounts.splice(
        volumeMounts.findIndex(({ mountPath }: Any) => mountPath === "/node"),
        1,
      ),
    "containers[1].volumeMounts: must have mountPath /node",
  ],
  [
    "that may write what the node runs",
    ({ volumeMounts }) => delete volumeMounts.find(({ mountPath }: Any) => mountPath === "/node").readOnly,
    "readOnly: must be true",
  ],
  [
    "of the planned release, which starts before the halt",
    (sidecar) => {
      sidecar.image = `${staging.image.repository}:v4.0.1`;
    },
    `must be ${staging.image.repository}:v3.0.1`,
  ],
])("a sidecar %s is found", (_, change, message) => {
  const { manifests, object } = copied(complete);
  change(podSpec(object("StatefulSet/mezo-node-2")).containers[1]);
  expect(errors(manifests, leaving).join("\n")).toContain(message);
});

test("the shared sidecar may not be left out before the planned release runs", () => {
  const manifests = complete.filter(
    ({ kind, metadata }) => `${kind}/${metadata.name}` !== "Deployment/ethereum-sidecar",
  );
  expect(errors(manifests, leaving).join("\n")).toContain("Deployment/ethereum-sidecar");
});

test("once the upgrade is finished, the shared sidecar goes and the files are the new release's", async () => {
  const done = withRelease("v4.0.1", { connectSidecar, gke: leaving.gke as NonNullable<typeof leaving.gke> });
  const { manifests } = await built(done);
  expect(ofKind(manifests, "Deployment").map(({ metadata }) => metadata.name)).toEqual(connects);
  expect(server(done)).toBe(own);
});
