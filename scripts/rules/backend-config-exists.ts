import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind, sibling } from "../manifests.ts";
import { finding, type Rule } from "./rule.ts";

const annotation = "cloud.google.com/backend-config";
const field = `metadata.annotations["${annotation}"]`;

export default {
  id: "backend-config-exists",
  why: "GKE drops a backend, health check and timeouts with it, when its BackendConfig is not there.",
  *check(manifests) {
    for (const service of ofKind<Service>(manifests, "Service")) {
      const text = service.metadata.annotations?.[annotation];
      if (text === undefined) continue;
      const configs = parse(text);
      if (!configs) {
        yield finding(
          service,
          field,
          `must be JSON of the form {"ports":{"<port name>":"<BackendConfig>"}}, is ${text}`,
        );
        continue;
      }
      for (const [port, name] of Object.entries(configs)) {
        if (!service.spec?.ports?.some((candidate) => candidate.name === port || String(candidate.port) === port)) {
          yield finding(service, field, `names port ${port}, which the Service does not have`);
        }
        if (!sibling(manifests, service, "BackendConfig", name))
          yield finding(service, field, `no BackendConfig ${name}`);
      }
    }
  },
} satisfies Rule;

function parse(text: string): Record<string, string> | undefined {
  try {
    const { ports } = JSON.parse(text);
    return typeof ports === "object" && ports !== null ? ports : undefined;
  } catch {
    return undefined;
  }
}
