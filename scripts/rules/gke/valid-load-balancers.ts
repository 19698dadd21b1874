import { loadBalancers } from "../../objects/shapes/load-balancers.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-load-balancers",
  why: "A load balancer that is not as it must be answers nobody, answers in plain HTTP, or makes public what is not meant for it.",
  fix: "Restore what the finding names in generators/components/json-rpc.ts; addresses and certificates come from the network's `gke`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["Ingress", "BackendConfig", "FrontendConfig"], loadBalancers(network));
  },
} satisfies Rule;
