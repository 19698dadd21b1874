import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind, selects, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-governing-service",
  why: "A StatefulSet's pods get their DNS names from its governing Service.",
  fix: "Restore serviceName, and the Service that it names, in generators/components/validator/base.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const statefulSet of ofKind<StatefulSet & { spec: object }>(manifests, "StatefulSet")) {
      const name = statefulSet.spec.serviceName;
      const service = sibling<Service>(manifests, statefulSet, "Service", name);
      if (!service) {
        yield finding(statefulSet, "spec.serviceName", `there is no Service ${name}`);
      } else if (!selects(manifests, service, service.spec?.selector, statefulSet)) {
        yield finding(statefulSet, "spec.serviceName", `Service ${name} does not select the StatefulSet's pods`);
      }
    }
  },
} satisfies Rule;
