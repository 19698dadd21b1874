import type { Probe } from "kubernetes-types/core/v1.js";
import type { Finding } from "../../lib/finding.ts";
import { nodeContainer, type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// In seconds. Replaying blocks takes minutes, and under load an answer takes seconds.
const least = { startupProbe: 600, livenessProbe: 60, timeout: 5 };

export default {
  id: "require-patient-probes",
  why: "A node killed while it replays blocks starts over for ever, and one killed while it writes breaks its database.",
  fix: "Restore the node's probes in generators/components/validator/pod.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      for (const kind of ["startupProbe", "livenessProbe"] as const) {
        const probe = nodeContainer(validator)?.[kind];
        if (probe) yield* impatience(validator, kind, probe);
      }
    }
  },
} satisfies Rule;

function* impatience(
  validator: ValidatorSet,
  kind: "startupProbe" | "livenessProbe",
  { failureThreshold = 3, periodSeconds = 10, timeoutSeconds = 1, httpGet, terminationGracePeriodSeconds }: Probe,
): Iterable<Finding> {
  const field = `spec.template.spec.containers[0].${kind}`;
  const patience = failureThreshold * periodSeconds;
  if (patience < least[kind]) {
    yield finding(validator, field, `must not give up before ${least[kind]} s, gives up after ${patience} s`);
  }
  if (timeoutSeconds < least.timeout) {
    yield finding(validator, `${field}.timeoutSeconds`, `must be at least ${least.timeout}, is ${timeoutSeconds}`);
  }
  if (httpGet?.port !== "rpc" || httpGet.path !== "/health") {
    yield finding(validator, `${field}.httpGet`, "must get /health from the port rpc");
  }
  if (terminationGracePeriodSeconds !== undefined) {
    yield finding(validator, `${field}.terminationGracePeriodSeconds`, "must not be set: the pod's own counts");
  }
}
