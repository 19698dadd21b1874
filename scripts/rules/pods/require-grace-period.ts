import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// In seconds.
const least = 120;

export default {
  id: "require-grace-period",
  why: "A node killed while it closes its database may never open it again.",
  fix: "Restore terminationGracePeriodSeconds and lifecycle in generators/components/validator/pod.ts and generators/components/validator/overlay.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { preStop, ...hooks } = nodeContainer(validator)?.lifecycle ?? {};
      if (Object.keys(hooks).length > 0 || (preStop && !preStop.sleep)) {
        const field = "spec.template.spec.containers[0].lifecycle";
        yield finding(validator, field, "must hold nothing but preStop.sleep: a program there delays SIGTERM");
      }
      // Slept before the node hears SIGTERM.
      const sleep = preStop?.sleep?.seconds ?? 0;
      const seconds = validator.spec.template.spec?.terminationGracePeriodSeconds ?? 30;
      if (seconds >= least + sleep) continue;
      const parts = sleep > 0 ? ` (${least}, and ${sleep} that preStop sleeps)` : "";
      const field = "spec.template.spec.terminationGracePeriodSeconds";
      yield finding(validator, field, `must be at least ${least + sleep}${parts}, is ${seconds}`);
    }
  },
} satisfies Rule;
