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
    `PodDisruptionBudget/mezo-node spec.maxUnavailable: must be 1, is ${most}`,
  ]);
});

test("validators without a budget", () => {
  const { manifests, remove } = staging();
  remove("PodDisruptionBudget/mezo-node");
  expect(findings(rule, manifests)).toHaveLength(network.validators.length);
  expect(findings(rule, manifests)[0]).toContain("must be selected by one PodDisruptionBudget; 0 select it");
});

test("two budgets over one validator, with which the API server refuses every eviction", () => {
  const { manifests, object } = staging();
  const copy = structuredClone(object("PodDisruptionBudget/mezo-node"));
  manifests.push({ ...copy, metadata: { ...copy.metadata, name: "other" } });
  expect(findings(rule, manifests)[0]).toContain("must be selected by one PodDisruptionBudget; 2 select it");
});
