import { backendConfigs } from "../../objects/backend-configs.ts";
import { finding, type Rule } from "../rule.ts";

// In seconds: GKE's default for how long a backend may take to answer.
const defaultTimeout = 30;

export default {
  id: "require-connection-draining",
  why: "Without draining the load balancer cuts every request and WebSocket that is under way when a validator restarts.",
  fix: "Restore drainingTimeoutSec of both BackendConfigs in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { config } of backendConfigs(manifests)) {
      const { timeoutSec = defaultTimeout, connectionDraining } = config.spec ?? {};
      const draining = connectionDraining?.drainingTimeoutSec ?? 0;
      if (draining >= timeoutSec) continue;
      const message = `must be at least ${timeoutSec}, the time in which a backend answers; is ${draining}`;
      yield finding(config, "spec.connectionDraining.drainingTimeoutSec", message);
    }
  },
} satisfies Rule;
