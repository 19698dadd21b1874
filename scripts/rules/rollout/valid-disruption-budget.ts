import { tolerated } from "generators/network/rollout.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { ofKind, selects } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-disruption-budget",
  why: "Draining machines must never take more validators than the chain can spare.",
  fix: "Restore the budget in generators/components/shared.ts: one over all validators, within what the chain tolerates.",
  brokenBy: "generator",
  *check(manifests) {
    const validators = validatorSets(manifests);
    const budgets = ofKind<PodDisruptionBudget>(manifests, "PodDisruptionBudget");
    for (const validator of validators) {
      const own = budgets.filter((budget) => selects(manifests, budget, budget.spec?.selector?.matchLabels, validator));
      if (own.length === 1) continue;
      const message = `must be selected by one PodDisruptionBudget; ${own.length} select it`;
      yield finding(validator, "spec.template.metadata.labels", message);
    }
    const spare = Math.max(1, tolerated(validators.length));
    for (const budget of budgets) {
      const most = budget.spec?.maxUnavailable;
      if (typeof most === "number" && most >= 1 && most <= spare) continue;
      yield finding(budget, "spec.maxUnavailable", `must be ${spare === 1 ? "1" : `1 to ${spare}`}, is ${most}`);
    }
  },
} satisfies Rule;
