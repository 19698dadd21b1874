import type { Topic } from "../rule.ts";
import noMissingIngressBackend from "./no-missing-ingress-backend.ts";
import noMissingPolicyPods from "./no-missing-policy-pods.ts";
import noMissingServicePods from "./no-missing-service-pods.ts";
import noUndeclaredFlows from "./no-undeclared-flows.ts";
import noUndeclaredPublicPorts from "./no-undeclared-public-ports.ts";
import noUnsafeJsonRpc from "./no-unsafe-json-rpc.ts";
import requireDefaultDeny from "./require-default-deny.ts";
import requirePeerTraffic from "./require-peer-traffic.ts";
import validPortNumbers from "./valid-port-numbers.ts";

export default {
  title: "Traffic: who can reach whom, and on which port",
  rules: [
    requirePeerTraffic,
    validPortNumbers,
    requireDefaultDeny,
    noUndeclaredFlows,
    noUndeclaredPublicPorts,
    noUnsafeJsonRpc,
    noMissingServicePods,
    noMissingPolicyPods,
    noMissingIngressBackend,
  ],
} satisfies Topic;
