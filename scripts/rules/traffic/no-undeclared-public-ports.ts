import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-undeclared-public-ports",
  why: "Every public port is one more way to stop or read a validator.",
  fix: "Restore the Service in generators/components/validator/overlay.ts or generators/components/json-rpc.ts; a network opens ports with `expose`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const allowed = network.expose.map((name) => network.ports[name]);
    for (const service of ofKind<Service>(manifests, "Service")) {
      const { type, ports } = service.spec ?? {};
      if (type === "NodePort")
        yield finding(service, "spec.type", "must not be NodePort: it opens a port on every machine");
      if (type !== "LoadBalancer") continue;
      for (const [i, { port }] of (ports ?? []).entries()) {
        if (!allowed.includes(port))
          yield finding(
            service,
            `spec.ports[${i}].port`,
            `is ${port}, which is public but not in the network's \`expose\``,
          );
      }
    }
  },
} satisfies Rule;
