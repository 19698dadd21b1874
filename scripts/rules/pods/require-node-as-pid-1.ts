import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-node-as-pid-1",
  why: "A shell before the node swallows SIGTERM, and the node is killed in the middle of a write.",
  fix: "Let the container run `mezod start` itself; what comes before belongs into an init container.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const [program] = nodeContainer(validator)?.command ?? [];
      const field = "spec.template.spec.containers[0].command";
      if (program !== "mezod") yield finding(validator, field, `must start with mezod itself, starts with ${program}`);
      if (validator.spec.template.spec?.shareProcessNamespace) {
        yield finding(validator, "spec.template.spec.shareProcessNamespace", "makes the pause container PID 1");
      }
    }
  },
} satisfies Rule;
