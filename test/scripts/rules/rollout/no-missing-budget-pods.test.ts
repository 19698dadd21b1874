import rule from "scripts/rules/rollout/no-missing-budget-pods.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([[{ app: "mezo", type: "validator" }], [undefined]])("%j selects no pods", (labels) => {
  const { manifests, object } = staging();
  object("PodDisruptionBudget/mezo-node").spec.selector.matchLabels = labels;
  expect(findings(rule, manifests)).toEqual([
    `PodDisruptionBudget/mezo-node spec.selector.matchLabels: selects no pods: ${JSON.stringify(labels)}`,
  ]);
});
