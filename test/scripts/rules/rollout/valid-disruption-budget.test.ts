import rule from "scripts/rules/rollout/valid-disruption-budget.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([0, 2, "50%", undefined])("%s unavailable", (most) => {
  const { manifests, object } = staging();
  object("PodDisruptionBudget/mezo-node").spec.maxUnavailable = most;
  expect(findings(rule, manifests)).toEqual([
    `PodDisruptionBudget/mezo-node spec.maxUnavailable: must be 1, is ${most ?? "missing"}`,
  ]);
});

test("a paused validator is down already", () => {
  const paused = { ...network, paused: [{ validator: 1, reason: "its key was stolen" }] };
  const { manifests, object } = staging();
  expect(findings(rule, manifests, paused)).toEqual([
    "PodDisruptionBudget/mezo-node spec.maxUnavailable: must be 0, is 1",
  ]);
  object("PodDisruptionBudget/mezo-node").spec.maxUnavailable = 0;
  expect(findings(rule, manifests, paused)).toEqual([]);
});

test("validators without a budget", () => {
  const { manifests, remove } = staging();
  remove("PodDisruptionBudget/mezo-node");
  expect(findings(rule, manifests)).toEqual(["PodDisruptionBudget/mezo-node : there must be one; there are 0"]);
});

test("two budgets over one validator, with which the API server refuses every eviction", () => {
  const { manifests, object } = staging();
  const copy = structuredClone(object("PodDisruptionBudget/mezo-node"));
  manifests.push({ ...copy, metadata: { ...copy.metadata, name: "other" } });
  expect(findings(rule, manifests)).toEqual(["PodDisruptionBudget/other : the network has no such object"]);
});

test("a budget that counts nobody, or that keeps a broken pod", () => {
  const { manifests, object } = staging();
  const { spec } = object("PodDisruptionBudget/mezo-node");
  spec.selector.matchExpressions = [{ key: "type", operator: "In", values: ["nobody"] }];
  spec.unhealthyPodEvictionPolicy = "IfHealthyBudget";
  expect(findings(rule, manifests)).toEqual([
    expect.stringContaining("spec.unhealthyPodEvictionPolicy: must be AlwaysAllow, is IfHealthyBudget"),
    expect.stringContaining("spec.selector.matchExpressions: must not be set"),
  ]);
});
