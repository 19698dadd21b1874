import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { ofKind, selected } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-budget-pods",
  why: "A PodDisruptionBudget that selects no pods lets a drain take every validator at once.",
  fix: "Restore the budget's selector in generators/components/shared.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const budget of ofKind<PodDisruptionBudget>(manifests, "PodDisruptionBudget")) {
      const labels = budget.spec?.selector?.matchLabels;
      if (labels && selected(manifests, budget, labels).length > 0) continue;
      yield finding(budget, "spec.selector.matchLabels", `selects no pods: ${JSON.stringify(labels)}`);
    }
  },
} satisfies Rule;
