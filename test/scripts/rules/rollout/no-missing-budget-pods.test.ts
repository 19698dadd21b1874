import rule from "scripts/rules/rollout/no-missing-budget-pods.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([[{ app: "mezo", type: "validator" }], [undefined]])("%j selects no pod", (labels) => {
  const { manifests, object } = staging();
  object("PodDisruptionBudget/mezo-node").spec.selector.matchLabels = labels;
  expect(findings(rule, manifests)).toEqual([
    `PodDisruptionBudget/mezo-node spec.selector.matchLabels: selects no pod: ${JSON.stringify(labels)}`,
  ]);
});
