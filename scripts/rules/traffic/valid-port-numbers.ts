import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-port-numbers",
  why: "Behind a port that leads elsewhere peers find no p2p, and the public finds what is not meant for it.",
  fix: "Set `ports` in the network; Services and containers follow.",
  *check(manifests, network) {
    if (!network) return;
    const numbers: Record<string, number> = { ...network.ports, server: network.ethereumSidecar.port };
    for (const { manifest, template } of workloads(manifests)) {
      for (const [i, { name = "", containerPort }] of (template.spec?.containers?.[0]?.ports ?? []).entries()) {
        if (containerPort === numbers[name]) continue;
        const field = `spec.template.spec.containers[0].ports[${i}]`;
        yield finding(manifest, field, `${name} is ${containerPort}, and the network's is ${numbers[name]}`);
      }
    }
    for (const service of ofKind<Service>(manifests, "Service")) {
      for (const [i, { name = "", port, targetPort, protocol = "TCP" }] of (service.spec?.ports ?? []).entries()) {
        const field = `spec.ports[${i}]`;
        if (port !== numbers[name])
          yield finding(service, `${field}.port`, `${name} is ${port}, and the network's is ${numbers[name]}`);
        if (targetPort !== name) yield finding(service, `${field}.targetPort`, `leads ${name} to ${targetPort}`);
        if (protocol !== "TCP") yield finding(service, `${field}.protocol`, `must be TCP, is ${protocol}`);
      }
    }
  },
} satisfies Rule;
