import { quantityValue } from "generators/network/quantity.ts";
import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = "spec.template.spec.containers[0]";

// Replaying blocks takes minutes, and under load an answer takes seconds.
const least = { startup: 600, liveness: 60, timeout: 5 };

export default {
  id: "no-early-kills",
  why: "A node killed while it replays starts anew for ever, and one killed while it writes breaks its database.",
  fix: "Leave probes, lifecycle and GOMEMLIMIT as `pnpm gen` writes them.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { startupProbe, livenessProbe, readinessProbe, lifecycle, env, resources } = nodeContainer(validator) ?? {};
      for (const [kind, probe, seconds] of [
        ["startupProbe", startupProbe, least.startup],
        ["livenessProbe", livenessProbe, least.liveness],
      ] as const) {
        if (!probe) continue;
        const { failureThreshold = 3, periodSeconds = 10, timeoutSeconds = 1, httpGet } = probe;
        const patience = failureThreshold * periodSeconds;
        if (patience < seconds)
          yield finding(validator, `${field}.${kind}`, `gives up after ${patience} s, before ${seconds}`);
        if (timeoutSeconds < least.timeout)
          yield finding(validator, `${field}.${kind}.timeoutSeconds`, `must be at least ${least.timeout}`);
        if (httpGet?.port !== "rpc" || httpGet.path !== "/health")
          yield finding(validator, `${field}.${kind}.httpGet`, "must ask rpc for /health");
        if (probe.terminationGracePeriodSeconds !== undefined)
          yield finding(validator, `${field}.${kind}.terminationGracePeriodSeconds`, "must be the pod's");
      }
      // A node with an empty volume passes through height 0, which counts as ready, on its way to the chain's.
      if ((readinessProbe?.successThreshold ?? 1) < 2)
        yield finding(validator, `${field}.readinessProbe.successThreshold`, "must be 2 or more");
      const { preStop, ...hooks } = lifecycle ?? {};
      if (Object.keys(hooks).length > 0 || (preStop && !preStop.sleep))
        yield finding(validator, `${field}.lifecycle`, "must not hold more than preStop.sleep");
      const limit = env?.find(({ name }) => name === "GOMEMLIMIT")?.value?.replace(/B$/, "");
      if (!limit || quantityValue(limit) >= quantityValue(resources?.limits?.memory ?? ""))
        yield finding(validator, `${field}.env`, `GOMEMLIMIT must be below limits.memory, is ${limit}`);
    }
  },
} satisfies Rule;
