import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = "spec.template.spec.containers[0]";

export default {
  id: "require-caught-up-readiness",
  why: "A rollout that goes on before a validator votes again takes the next one down, and blocks stop.",
  fix: "Leave the node's probes as `pnpm gen` writes them.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { readinessProbe, livenessProbe, startupProbe } = nodeContainer(validator) ?? {};
      const script = readinessProbe?.exec?.command?.join(" ") ?? "";
      if (!script.includes("catching_up")) {
        yield finding(validator, `${field}.readinessProbe`, "must ask whether the node is catching up");
      }
      if (!startupProbe) yield finding(validator, `${field}.startupProbe`, "must give a replay its time");
      if (livenessProbe?.exec) {
        yield finding(validator, `${field}.livenessProbe`, "must ask no more than whether the node answers");
      }
    }
  },
} satisfies Rule;
