import { ofKind, sibling } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

const annotation = "networking.gke.io/v1beta1.FrontendConfig";

export default {
  id: "no-missing-frontend-config",
  why: "Without its FrontendConfig an Ingress serves plain HTTP instead of redirecting to HTTPS.",
  fix: "Restore the FrontendConfig and the annotation that names it in generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const ingress of ofKind(manifests, "Ingress")) {
      const name = ingress.metadata.annotations?.[annotation];
      if (name === undefined || sibling(manifests, ingress, "FrontendConfig", name)) continue;
      yield finding(ingress, `metadata.annotations["${annotation}"]`, `there is no FrontendConfig ${name}`);
    }
  },
} satisfies Rule;
