import type { Network } from "generators/network/schema.ts";
import type { Service } from "kubernetes-types/core/v1.js";
import type { NetworkPolicy, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import type { Finding } from "../../lib/finding.ts";
import { type Manifest, sibling } from "../../objects/manifests.ts";
import { opensPort, policiesOf } from "../../objects/policies.ts";
import { type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const annotation = {
  addresses: "networking.gke.io/load-balancer-ip-addresses",
  syncOptions: "argocd.argoproj.io/sync-options",
  byName: "cloud.google.com/l4-rbs",
};
const fieldOf = (name: string) => `metadata.annotations["${name}"]`;

export default {
  id: "require-peer-traffic",
  why: "Two validators that nobody can dial, or that can dial nobody, are enough to stop the blocks.",
  fix: "Restore Services in generators/components/validator/base.ts and generators/components/validator/overlay.ts, policies in generators/components/network-policies.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    for (const validator of validatorSets(manifests)) {
      yield* closedPorts(manifests, network, validator);
      yield* otherNames(validator);
      const service = sibling<Service>(manifests, validator, "Service", validator.spec.serviceName);
      if (!service) continue;
      yield* hiddenService(service);
      if (network.gke) yield* noAddress(service);
    }
  },
} satisfies Rule;

function* closedPorts(manifests: readonly Manifest[], network: Network, validator: ValidatorSet): Iterable<Finding> {
  const policies = policiesOf(manifests, validator);
  for (const { way, port, protocol } of [
    { way: "ingress", port: network.ports.p2p, protocol: "TCP" },
    { way: "egress", port: network.ports.p2p, protocol: "TCP" },
    { way: "egress", port: 53, protocol: "UDP" },
    { way: "egress", port: 53, protocol: "TCP" },
  ] as const) {
    if (policies.some((policy) => opens(policy, way, port, protocol))) continue;
    yield finding(validator, "spec.template.metadata.labels", `no NetworkPolicy allows ${way} on ${port}/${protocol}`);
  }
}

/** Whether a policy opens a port to or from everybody. */
function opens({ spec }: NetworkPolicy, way: "ingress" | "egress", port: number, protocol: string): boolean {
  if (!spec?.policyTypes?.includes(way === "ingress" ? "Ingress" : "Egress")) return false;
  const open = (ports?: NetworkPolicyPort[], peers?: unknown[]) => !peers?.length && opensPort(ports, port, protocol);
  return way === "ingress"
    ? (spec.ingress ?? []).some(({ ports, from }) => open(ports, from))
    : (spec.egress ?? []).some(({ ports, to }) => open(ports, to));
}

function* otherNames(validator: ValidatorSet): Iterable<Finding> {
  const { dnsPolicy = "ClusterFirst", hostAliases = [] } = validator.spec.template.spec ?? {};
  if (dnsPolicy !== "ClusterFirst" || hostAliases.length > 0)
    yield finding(validator, "spec.template.spec", "must resolve names through the cluster's DNS alone");
}

function* hiddenService(service: Manifest & Service): Iterable<Finding> {
  const { selector, publishNotReadyAddresses } = service.spec ?? {};
  if (!selector) yield finding(service, "spec.selector", "must be set: the Service leads nowhere");
  if (!publishNotReadyAddresses)
    yield finding(service, "spec.publishNotReadyAddresses", "must be true: a node catches up from its peers");
  if (!service.metadata.annotations?.[annotation.syncOptions]?.split(",").includes("Delete=false"))
    yield finding(
      service,
      fieldOf(annotation.syncOptions),
      "must include Delete=false: validators outlive the Application",
    );
}

function* noAddress(service: Manifest & Service): Iterable<Finding> {
  const { type, loadBalancerSourceRanges = [] } = service.spec ?? {};
  const { annotations = {} } = service.metadata;
  if (type !== "LoadBalancer") yield finding(service, "spec.type", `must be LoadBalancer, is ${type}`);
  if (loadBalancerSourceRanges.length > 0)
    yield finding(service, "spec.loadBalancerSourceRanges", "must not be set: peers come from anywhere");
  if (!annotations[annotation.addresses])
    yield finding(service, fieldOf(annotation.addresses), "must be set: DNS leads peers to the reserved address");
  if (annotations[annotation.byName] !== "enabled")
    yield finding(service, fieldOf(annotation.byName), "must be enabled: only then GKE takes an address by its name");
}
