import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind, selected } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-service-pods",
  why: "A Service without pods, or whose port no pod has, answers nobody.",
  fix: "Restore the labels in generators/network/names.ts, or the ports in generators/components/ports.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const service of ofKind<Service>(manifests, "Service")) {
      const labels = service.spec?.selector;
      if (!labels) continue;
      const pods = selected(manifests, service, labels);
      if (pods.length === 0) yield finding(service, "spec.selector", `selects no pods: ${JSON.stringify(labels)}`);
      for (const [i, { port, targetPort = port }] of (service.spec?.ports ?? []).entries()) {
        for (const { manifest, template } of pods) {
          const ports = template.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
          if (ports.some(({ name, containerPort }) => name === targetPort || containerPort === targetPort)) continue;
          const pod = `${manifest.kind}/${manifest.metadata.name}`;
          yield finding(service, `spec.ports[${i}].targetPort`, `${pod} has no port ${targetPort}`);
        }
      }
    }
  },
} satisfies Rule;
