import type { Service } from "kubernetes-types/core/v1.js";
import { backendConfigAnnotation, backendConfigNames, isNamed } from "../../objects/backend-configs.ts";
import { ofKind, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

const field = `metadata.annotations["${backendConfigAnnotation}"]`;

export default {
  id: "no-missing-backend-config",
  why: "GKE drops a backend's health check and timeouts when its BackendConfig is missing.",
  fix: "Restore the annotation and the BackendConfigs in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const service of ofKind<Service>(manifests, "Service")) {
      const text = service.metadata.annotations?.[backendConfigAnnotation];
      if (text === undefined) continue;
      const configs = backendConfigNames(text);
      if (!configs) {
        const form = '{"ports":{"<port name>":"<BackendConfig>"}}';
        yield finding(service, field, `must be JSON of the form ${form}, is ${text}`);
      }
      for (const [port, name] of Object.entries(configs ?? {})) {
        if (!service.spec?.ports?.some((each) => isNamed(each, port))) {
          yield finding(service, field, `names port ${port}, which the Service does not have`);
        }
        if (!sibling(manifests, service, "BackendConfig", name))
          yield finding(service, field, `there is no BackendConfig ${name}`);
      }
    }
  },
} satisfies Rule;
