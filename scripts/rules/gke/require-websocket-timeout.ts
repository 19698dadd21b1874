import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress } from "kubernetes-types/networking/v1.js";
import { backendConfigs } from "../../objects/backend-configs.ts";
import { ofKind, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

// In seconds: half an hour, as on the live network. GKE's default is 30.
const least = 1800;
const socket = "json-rpc-ws";

export default {
  id: "require-websocket-timeout",
  why: "A load balancer cuts a WebSocket at its backend's timeout, in the middle of a subscription.",
  fix: "Restore timeoutSec and drainingTimeoutSec of the WebSocket's BackendConfig in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const served = backendConfigs(manifests).filter(({ port }) => port.name === socket);
    for (const { config } of served) {
      const { timeoutSec = 30, connectionDraining } = config.spec ?? {};
      const draining = connectionDraining?.drainingTimeoutSec ?? 0;
      if (timeoutSec < least) yield finding(config, "spec.timeoutSec", `must be at least ${least}, is ${timeoutSec}`);
      if (draining < least) {
        const field = "spec.connectionDraining.drainingTimeoutSec";
        yield finding(config, field, `must be at least ${least}, is ${draining}`);
      }
    }
    for (const ingress of ofKind<Ingress>(manifests, "Ingress")) {
      const { name = "", port } = ingress.spec?.defaultBackend?.service ?? {};
      const service = sibling<Service>(manifests, ingress, "Service", name);
      const target = service?.spec?.ports?.find((each) => each.port === port?.number || each.name === port?.name);
      if (target?.name !== socket || served.some((each) => each.service === service)) continue;
      yield finding(ingress, "spec.defaultBackend", `leads to ${socket}, which has no BackendConfig`);
    }
  },
} satisfies Rule;
