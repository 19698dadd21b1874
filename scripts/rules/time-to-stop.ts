import { validatorSets } from "../validators.ts";
import { finding, type Rule } from "./rule.ts";

const least = 120;

export default {
  id: "time-to-stop",
  why: "A node killed while it closes its database may never open it again.",
  fix: "Give validators at least two minutes to stop.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const seconds = validator.spec.template.spec?.terminationGracePeriodSeconds ?? 30;
      if (seconds >= least) continue;
      const field = "spec.template.spec.terminationGracePeriodSeconds";
      yield finding(validator, field, `must be at least ${least}, is ${seconds}`);
    }
  },
} satisfies Rule;
