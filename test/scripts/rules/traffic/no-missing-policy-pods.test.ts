import rule from "scripts/rules/traffic/no-missing-policy-pods.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a policy for no pod", () => {
  const { manifests, object } = staging();
  object("NetworkPolicy/mezo-default-deny").spec.podSelector.matchLabels.app = "mez";
  expect(findings(rule, manifests)).toEqual([
    'NetworkPolicy/mezo-default-deny spec.podSelector: selects no pods: {"app":"mez"}',
  ]);
});

test("a way to no pod", () => {
  const { manifests, object } = staging();
  object("NetworkPolicy/mezo-node").spec.egress[2].to[0].podSelector.matchLabels = { app: "sidecar" };
  expect(findings(rule, manifests)).toEqual([
    'NetworkPolicy/mezo-node spec.egress[2].to[0].podSelector: selects no pods: {"app":"sidecar"}',
  ]);
});
