import { BlockList } from "node:net";
import { googleFrontEnds } from "generators/components/network-policies.ts";
import type { Service } from "kubernetes-types/core/v1.js";
import type { NetworkPolicyIngressRule } from "kubernetes-types/networking/v1.js";
import { backendConfigs } from "../../objects/backend-configs.ts";
import { type Manifest, selected } from "../../objects/manifests.ts";
import { opensPort, policiesOf } from "../../objects/policies.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-health-check-traffic",
  why: "A load balancer that cannot check a pod's health takes it for dead, and answers 502.",
  fix: "Restore jsonRpcPolicy in generators/components/network-policies.ts: it opens the ports to Google's front ends.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { service, port, config } of backendConfigs(manifests)) {
      for (const number of new Set([
        config.spec?.healthCheck?.port,
        numberOf(manifests, service, port.targetPort ?? port.port),
      ])) {
        if (number === undefined) continue;
        for (const source of googleFrontEnds.filter((cidr) => !isOpen(manifests, service, number, cidr))) {
          const message = `no NetworkPolicy opens port ${number} of the pods to ${source}`;
          yield finding(config, "spec.healthCheck.port", message);
        }
      }
    }
  },
} satisfies Rule;

/** The number behind a target port, which may be a name that the pods give a port. */
function numberOf(manifests: readonly Manifest[], service: Manifest & Service, target: number | string) {
  if (typeof target === "number") return target;
  const ports = selected(manifests, service, service.spec?.selector).flatMap(
    ({ template }) => template.spec?.containers.flatMap((container) => container.ports ?? []) ?? [],
  );
  return ports.find(({ name }) => name === target)?.containerPort;
}

/** Whether every pod of a Service can be reached; a pod that no policy selects can. */
const isOpen = (manifests: readonly Manifest[], service: Manifest & Service, port: number, cidr: string) =>
  selected(manifests, service, service.spec?.selector).every(({ manifest }) => {
    const policies = policiesOf(manifests, manifest).filter(({ spec }) => spec?.policyTypes?.includes("Ingress"));
    const rules = policies.flatMap(({ spec }) => spec?.ingress ?? []);
    return policies.length === 0 || rules.some((rule) => opens(rule, port, cidr));
  });

const opens = ({ ports, from }: NetworkPolicyIngressRule, port: number, cidr: string) =>
  opensPort(ports, port) &&
  (!from || from.some(({ ipBlock }) => ipBlock && !ipBlock.except?.length && covers(ipBlock.cidr, cidr)));

function covers(wide: string, narrow: string): boolean {
  const [[network = "", bits], [address = "", least]] = [wide.split("/"), narrow.split("/")];
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return Number(bits) <= Number(least) && list.check(address);
}
