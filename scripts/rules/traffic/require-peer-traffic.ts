import type { Service } from "kubernetes-types/core/v1.js";
import type { NetworkPolicy, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import { sibling } from "../../objects/manifests.ts";
import { opensPort, policiesOf } from "../../objects/policies.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const address = 'metadata.annotations["networking.gke.io/load-balancer-ip-addresses"]';
const options = 'metadata.annotations["argocd.argoproj.io/sync-options"]';

export default {
  id: "require-peer-traffic",
  why: "Two validators that nobody can dial, or that can dial nobody, are enough to stop the blocks.",
  fix: "Leave the validators' Services and policies as `pnpm gen` writes them.",
  *check(manifests, network) {
    if (!network) return;
    const needed = [
      { way: "ingress", port: network.ports.p2p, protocol: "TCP" },
      { way: "egress", port: network.ports.p2p, protocol: "TCP" },
      { way: "egress", port: 53, protocol: "UDP" },
      { way: "egress", port: 53, protocol: "TCP" },
    ] as const;
    for (const validator of validatorSets(manifests)) {
      const policies = policiesOf(manifests, validator);
      for (const { way, port, protocol } of needed) {
        if (policies.some((policy) => opens(policy, way, port, protocol))) continue;
        yield finding(validator, "spec.template.metadata.labels", `no policy opens ${port}/${protocol}, ${way}`);
      }
      const { dnsPolicy = "ClusterFirst", hostAliases = [] } = validator.spec.template.spec ?? {};
      if (dnsPolicy !== "ClusterFirst" || hostAliases.length > 0)
        yield finding(validator, "spec.template.spec", "must resolve names as the cluster does");

      const service = sibling<Service>(manifests, validator, "Service", validator.spec.serviceName);
      if (!service?.spec) continue;
      const { selector, type, publishNotReadyAddresses, loadBalancerSourceRanges = [] } = service.spec;
      const { annotations = {} } = service.metadata;
      if (!selector) yield finding(service, "spec.selector", "is missing: it leads nowhere");
      if (!publishNotReadyAddresses)
        yield finding(service, "spec.publishNotReadyAddresses", "must be true: who lags catches up from peers");
      if (!annotations["argocd.argoproj.io/sync-options"]?.split(",").includes("Delete=false"))
        yield finding(service, options, "must hold Delete=false: validators go on without the Application");
      if (!network.gke) continue;
      if (type !== "LoadBalancer") yield finding(service, "spec.type", `must be LoadBalancer, is ${type}`);
      if (loadBalancerSourceRanges.length > 0)
        yield finding(service, "spec.loadBalancerSourceRanges", "must not be set: peers come from anywhere");
      if (!annotations["networking.gke.io/load-balancer-ip-addresses"])
        yield finding(service, address, "is missing: its host's name leads to another address");
      if (annotations["cloud.google.com/l4-rbs"] !== "enabled")
        yield finding(
          service,
          'metadata.annotations["cloud.google.com/l4-rbs"]',
          "must be enabled: the address needs it",
        );
    }
  },
} satisfies Rule;

/** Whether a policy opens a port to or from everybody. */
function opens({ spec }: NetworkPolicy, way: "ingress" | "egress", port: number, protocol: string): boolean {
  if (!spec?.policyTypes?.includes(way === "ingress" ? "Ingress" : "Egress")) return false;
  const open = (ports?: NetworkPolicyPort[], peers?: unknown[]) => !peers?.length && opensPort(ports, port, protocol);
  return way === "ingress"
    ? (spec.ingress ?? []).some(({ ports, from }) => open(ports, from))
    : (spec.egress ?? []).some(({ ports, to }) => open(ports, to));
}
