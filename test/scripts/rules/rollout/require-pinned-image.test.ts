import rule from "scripts/rules/rollout/require-pinned-image.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.containers[0].image";

test.each(["mezo-node", "mezo-node:latest", "mezo-node:main", "mezo-node@sha256:abc"])("%s is not pinned", (image) => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].image = image;
  expect(findings(rule, manifests)).toEqual([
    `Deployment/ethereum-sidecar ${field}: is not pinned to a release or digest: ${image}`,
  ]);
});

test("a digest is pinned", () => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].image = `mezo-node@sha256:${"0".repeat(64)}`;
  expect(findings(rule, manifests)).toEqual([]);
});

test("one validator on another release", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-4")).containers[0].image = "mezo-node:v0.3.0";
  expect(findings(rule, manifests)[0]).toContain(
    `StatefulSet/mezo-node-4 ${field}: is mezo-node:v0.3.0, and mezo-node-0 runs`,
  );
});

test("a staged upgrade's validator may, another one may not", () => {
  const staged = { ...network, stagedUpgrade: { tag: "v0.3.0", validators: [4] } };
  const { manifests, object } = staging();
  for (const container of ["initContainers", "containers"]) {
    podSpec(object("StatefulSet/mezo-node-4"))[container][0].image = "mezo-node:v0.3.0";
  }
  expect(findings(rule, manifests, staged)).toEqual([]);
  podSpec(object("StatefulSet/mezo-node-3")).containers[0].image = "mezo-node:v0.3.0";
  expect(findings(rule, manifests, staged)).toEqual([
    expect.stringContaining(`StatefulSet/mezo-node-3 ${field}: is mezo-node:v0.3.0, and mezo-node-0 runs`),
  ]);
});
