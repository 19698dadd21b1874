import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress } from "kubernetes-types/networking/v1.js";
import { backendConfigs } from "../../objects/backend-configs.ts";
import { type Manifest, ofKind, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

type FrontendConfig = Manifest & { spec?: { redirectToHttps?: { enabled?: boolean } } };

const needed = [
  "kubernetes.io/ingress.global-static-ip-name",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
  "networking.gke.io/v1beta1.FrontendConfig",
];

export default {
  id: "valid-public-endpoints",
  why: "Clients find no endpoint, one whose address changes, one in plain text, or one behind which every pod counts as dead.",
  fix: "Restore the Ingresses, the Service's annotations and the health checks in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network?.gke) return;
    for (const ingress of ofKind<Ingress>(manifests, "Ingress")) {
      const annotations = ingress.metadata.annotations ?? {};
      for (const key of needed.filter((each) => !annotations[each])) {
        yield finding(ingress, `metadata.annotations["${key}"]`, "must be set");
      }
      const service = sibling<Service>(
        manifests,
        ingress,
        "Service",
        ingress.spec?.defaultBackend?.service?.name ?? "",
      );
      const neg = service?.metadata.annotations?.["cloud.google.com/neg"] ?? "";
      if (service && !/"ingress"\s*:\s*true/.test(neg)) {
        yield finding(service, 'metadata.annotations["cloud.google.com/neg"]', 'must be {"ingress":true}');
      }
    }
    for (const config of ofKind<FrontendConfig>(manifests, "FrontendConfig")) {
      if (config.spec?.redirectToHttps?.enabled === true) continue;
      yield finding(config, "spec.redirectToHttps.enabled", "must be true");
    }
    for (const { config } of backendConfigs(manifests)) {
      // JSON-RPC answers no GET; CometBFT does, in plain HTTP.
      const wanted = { type: "HTTP", port: network.ports.rpc };
      for (const [key, value] of Object.entries(wanted)) {
        const is = config.spec?.healthCheck?.[key as keyof typeof wanted];
        if (is !== value) yield finding(config, `spec.healthCheck.${key}`, `must be ${value}, is ${is}`);
      }
    }
  },
} satisfies Rule;
