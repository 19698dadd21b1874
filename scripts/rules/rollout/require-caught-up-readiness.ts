import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = "spec.template.spec.containers[0]";

export default {
  id: "require-caught-up-readiness",
  why: "A rollout that goes on before a validator votes again takes the next one down, and blocks stop.",
  fix: "Restore the node's probes in generators/components/validator/pod.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { readinessProbe, livenessProbe, startupProbe } = nodeContainer(validator) ?? {};
      const script = readinessProbe?.exec?.command?.join(" ") ?? "";
      if (!script.includes("catching_up")) {
        yield finding(validator, `${field}.readinessProbe`, "must ask whether the node is catching up");
      }
      // A node with an empty volume passes through height 0, which counts as ready, on its way to the chain's height.
      if ((readinessProbe?.successThreshold ?? 1) < 2) {
        yield finding(validator, `${field}.readinessProbe.successThreshold`, "must be 2 or more");
      }
      if (!startupProbe) yield finding(validator, `${field}.startupProbe`, "must give the node time to replay blocks");
      if (livenessProbe?.exec) {
        yield finding(validator, `${field}.livenessProbe`, "must only ask whether the node answers");
      }
    }
  },
} satisfies Rule;
