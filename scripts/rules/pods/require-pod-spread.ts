import type { TopologySpreadConstraint } from "kubernetes-types/core/v1.js";
import { type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-pod-spread",
  why: "Two validators on one machine go down with it, and of five equal validators the chain spares only one.",
  fix: "Restore the spread over machines in generators/components/validator/overlay.ts; a network relaxes it with `spread`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network?.spread !== "required") return;
    for (const validator of validatorSets(manifests)) {
      const constraints = validator.spec.template.spec?.topologySpreadConstraints ?? [];
      if (constraints.some((constraint) => keepsApart(constraint, validator))) continue;
      const field = "spec.template.spec.topologySpreadConstraints";
      yield finding(validator, field, "must keep validators on separate machines");
    }
  },
} satisfies Rule;

const keepsApart = (
  { topologyKey, whenUnsatisfiable, maxSkew, labelSelector }: TopologySpreadConstraint,
  { spec }: ValidatorSet,
) =>
  topologyKey === "kubernetes.io/hostname" &&
  whenUnsatisfiable === "DoNotSchedule" &&
  maxSkew === 1 &&
  Object.entries(labelSelector?.matchLabels ?? {}).every(
    ([key, value]) => spec.template.metadata?.labels?.[key] === value,
  );
