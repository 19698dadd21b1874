import { budgets } from "../../objects/shapes/budget.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-disruption-budget",
  why: "Draining machines must never take more validators than the chain can spare, paused ones counted as down.",
  fix: "Restore the budget in generators/components/shared.ts, one over all validators, or in generators/components/keyless/overlay.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["PodDisruptionBudget"], budgets(network));
  },
} satisfies Rule;
