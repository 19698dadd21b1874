import { tolerated } from "generators/network/rollout.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { ofKind, selects } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-disruption-budget",
  why: "Draining machines must never take more validators than the chain can spare.",
  fix: "Leave one budget over all validators, with maxUnavailable within what the chain tolerates.",
  *check(manifests) {
    const validators = validatorSets(manifests);
    const spare = Math.max(1, tolerated(validators.length));
    const budgets = ofKind<PodDisruptionBudget>(manifests, "PodDisruptionBudget");
    for (const validator of validators) {
      const own = budgets.filter((budget) => selects(manifests, budget, budget.spec?.selector?.matchLabels, validator));
      if (own.length !== 1)
        yield finding(
          validator,
          "spec.template.metadata.labels",
          `${own.length} disruption budgets select it, not one`,
        );
    }
    for (const budget of budgets) {
      const most = budget.spec?.maxUnavailable;
      if (typeof most === "number" && most >= 1 && most <= spare) continue;
      yield finding(budget, "spec.maxUnavailable", `must be 1 to ${spare}, is ${most}`);
    }
  },
} satisfies Rule;
