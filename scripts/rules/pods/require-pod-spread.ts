import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-pod-spread",
  why: "Two validators on one machine go down with it, and five equal ones spare only one.",
  fix: 'Spread validators by hostname with DoNotSchedule, or set `spread: "preferred"` where a machine for each is too much.',
  *check(manifests, network) {
    if (network?.spread !== "required") return;
    for (const validator of validatorSets(manifests)) {
      const constraints = validator.spec.template.spec?.topologySpreadConstraints ?? [];
      const isApart = constraints.some(
        ({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) =>
          topologyKey === "kubernetes.io/hostname" &&
          whenUnsatisfiable === "DoNotSchedule" &&
          maxSkew === 1 &&
          Object.entries(labelSelector?.matchLabels ?? {}).every(
            ([key, value]) => validator.spec.template.metadata?.labels?.[key] === value,
          ),
      );
      if (!isApart)
        yield finding(
          validator,
          "spec.template.spec.topologySpreadConstraints",
          "does not keep validators on machines of their own",
        );
    }
  },
} satisfies Rule;
