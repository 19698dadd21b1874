import rule from "scripts/rules/pods/require-pod-spread.ts";
import { expect, test } from "vitest";
import { staging as stagingNetwork } from "../../../support/networks.ts";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const message = "spec.template.spec.topologySpreadConstraints: must keep validators on separate machines";

test.each([
  ["no constraint", { topologyKey: "x" }],
  ["a preference", { whenUnsatisfiable: "ScheduleAnyway" }],
  ["a skew of two", { maxSkew: 2 }],
  ["other pods", { labelSelector: { matchLabels: { app: "other" } } }],
])("%s", (_fault, change) => {
  const { manifests, object } = staging();
  for (const constraint of podSpec(object("StatefulSet/mezo-node-0")).topologySpreadConstraints) {
    if (constraint.topologyKey === "kubernetes.io/hostname") Object.assign(constraint, change);
  }
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-0 ${message}`]);
});

test("a network that only prefers the spread passes without it", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).topologySpreadConstraints = [];
  expect(findings(rule, manifests, { ...stagingNetwork, spread: "preferred" })).toEqual([]);
});
