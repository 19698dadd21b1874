import type { Topic } from "../rule.ts";
import noMissingIngressBackend from "./no-missing-ingress-backend.ts";
import noPublicPorts from "./no-public-ports.ts";
import noUnsafeJsonRpc from "./no-unsafe-json-rpc.ts";
import requireDistinctPeerAddresses from "./require-distinct-peer-addresses.ts";
import requireEnforcedPolicies from "./require-enforced-policies.ts";
import validNetworkPolicies from "./valid-network-policies.ts";
import validServices from "./valid-services.ts";

export default {
  title: "Traffic: who can reach whom, and on which port",
  rules: [
    validNetworkPolicies,
    requireEnforcedPolicies,
    validServices,
    requireDistinctPeerAddresses,
    noUnsafeJsonRpc,
    noPublicPorts,
    noMissingIngressBackend,
  ],
} satisfies Topic;
