import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-one-replica",
  why: "Two pods with one consensus key sign twice, and the key is lost for ever.",
  fix: "Restore replicas: 1 in generators/components/validator/base.ts; another validator is another entry in validators.json.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { replicas } = validator.spec;
      if (replicas !== 1) yield finding(validator, "spec.replicas", `must be 1, is ${replicas}`);
    }
  },
} satisfies Rule;
