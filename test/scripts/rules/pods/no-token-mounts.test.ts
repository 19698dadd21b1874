import rule from "scripts/rules/pods/no-token-mounts.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("the default, which mounts a token", () => {
  const { manifests, object } = staging();
  delete podSpec(object("Deployment/ethereum-sidecar")).automountServiceAccountToken;
  expect(findings(rule, manifests)).toEqual([
    "Deployment/ethereum-sidecar spec.template.spec.automountServiceAccountToken: must be false",
  ]);
});

test("a token among projected files", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0"))
    .volumes.find(({ projected }: Any) => projected)
    .projected.sources.push({ serviceAccountToken: { path: "t" } });
  expect(findings(rule, manifests)).toEqual([
    expect.stringMatching(
      /^StatefulSet\/mezo-node-0 .*\.projected\.sources\[3\]\.serviceAccountToken: must not be set$/,
    ),
  ]);
});
