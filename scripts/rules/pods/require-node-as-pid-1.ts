import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-node-as-pid-1",
  why: "A shell in front of the node swallows SIGTERM, and the node is killed in the middle of a write.",
  fix: "Restore the node's command in generators/components/validator/pod.ts; what must run first belongs in an init container.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const [program] = nodeContainer(validator)?.command ?? [];
      const field = "spec.template.spec.containers[0].command";
      if (program !== "mezod") yield finding(validator, field, `must start with mezod, starts with ${program}`);
      if (validator.spec.template.spec?.shareProcessNamespace) {
        yield finding(
          validator,
          "spec.template.spec.shareProcessNamespace",
          "must not be set: it makes the pause container PID 1",
        );
      }
    }
  },
} satisfies Rule;
