import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress, IngressBackend } from "kubernetes-types/networking/v1.js";
import { ofKind, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-ingress-backend",
  why: "An Ingress that leads to no Service or port answers 404 or 502 to everybody.",
  fix: "Restore the Ingress's backend, or the Service, in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const ingress of ofKind<Ingress>(manifests, "Ingress")) {
      for (const { field, backend } of backends(ingress)) {
        const { name, port } = backend.service ?? { name: "" };
        const service = sibling<Service>(manifests, ingress, "Service", name);
        const ports = service?.spec?.ports ?? [];
        if (!service) {
          yield finding(ingress, `${field}.service.name`, `there is no Service ${name}`);
        } else if (!ports.some((candidate) => candidate.name === port?.name || candidate.port === port?.number)) {
          yield finding(ingress, `${field}.service.port`, `Service ${name} has no port ${port?.name ?? port?.number}`);
        }
      }
    }
  },
} satisfies Rule;

function backends({ spec }: Ingress): { field: string; backend: IngressBackend }[] {
  const paths = (spec?.rules ?? []).flatMap((rule, i) =>
    (rule.http?.paths ?? []).map(({ backend }, j) => ({ field: `spec.rules[${i}].http.paths[${j}].backend`, backend })),
  );
  return spec?.defaultBackend ? [{ field: "spec.defaultBackend", backend: spec.defaultBackend }, ...paths] : paths;
}
