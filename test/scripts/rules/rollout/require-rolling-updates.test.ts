import rule from "scripts/rules/rollout/require-rolling-updates.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [{ type: "OnDelete" }, "spec.updateStrategy.type: must be RollingUpdate, is OnDelete"],
  [{ rollingUpdate: { partition: 1 } }, "spec.updateStrategy.rollingUpdate.partition: must be 0, is 1"],
])("%j", (updateStrategy, message) => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-0").spec.updateStrategy = updateStrategy;
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-0 ${message}`]);
});

test("a Deployment that is paused", () => {
  const { manifests, object } = staging();
  object("Deployment/ethereum-sidecar").spec.paused = true;
  expect(findings(rule, manifests)).toEqual(["Deployment/ethereum-sidecar spec.paused: must not be set"]);
});
