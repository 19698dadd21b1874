import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const least = 120;

export default {
  id: "require-grace-period",
  why: "A node killed while it closes its database may never open it again.",
  fix: "Give validators at least two minutes to stop.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const seconds = validator.spec.template.spec?.terminationGracePeriodSeconds ?? 30;
      // Spent before the node hears of it.
      const sleep = nodeContainer(validator)?.lifecycle?.preStop?.sleep?.seconds ?? 0;
      if (seconds - sleep >= least) continue;
      const field = "spec.template.spec.terminationGracePeriodSeconds";
      const more = sleep > 0 ? ` and ${sleep} that preStop sleeps` : "";
      yield finding(validator, field, `must be at least ${least}${more}, is ${seconds}`);
    }
  },
} satisfies Rule;
