import rule from "scripts/rules/traffic/require-default-deny.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["another namespace", (policy: Any) => (policy.metadata.namespace = "other")],
  ["ingress alone", (policy: Any) => (policy.spec.policyTypes = ["Ingress"])],
  ["something allowed", (policy: Any) => (policy.spec.egress = [{}])],
  ["other pods", (policy: Any) => (policy.spec.podSelector.matchLabels = { app: "other" })],
])("denies %s", (_fault, change) => {
  const { manifests, object } = staging();
  change(object("NetworkPolicy/mezo-default-deny"));
  expect(findings(rule, manifests)).toHaveLength(network.validators.length + 1);
  expect(findings(rule, manifests)[0]).toContain("must be selected by a default-deny NetworkPolicy");
});
