import { monitoring, monitoringKinds } from "../../objects/shapes/monitoring.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-monitoring",
  why: "What is not collected raises no alert: the chain stands, and somebody outside sees it first.",
  fix: "Restore what the finding names in generators/components/monitoring; who collects comes from the network's `monitoring`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, monitoringKinds, monitoring(network));
  },
} satisfies Rule;
