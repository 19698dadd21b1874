import type { Topic } from "../rule.ts";
import noMissingIngressBackend from "./no-missing-ingress-backend.ts";
import noUnsafeJsonRpc from "./no-unsafe-json-rpc.ts";
import validNetworkPolicies from "./valid-network-policies.ts";
import validServices from "./valid-services.ts";

export default {
  title: "Traffic: who can reach whom, and on which port",
  rules: [validNetworkPolicies, validServices, noUnsafeJsonRpc, noMissingIngressBackend],
} satisfies Topic;
