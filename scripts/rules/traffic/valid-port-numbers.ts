import type { Service } from "kubernetes-types/core/v1.js";
import type { Finding } from "../../lib/finding.ts";
import { type Manifest, ofKind, type Workload, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

/** The network's port numbers, by name. */
type Numbers = Record<string, number>;

export default {
  id: "valid-port-numbers",
  why: "Behind a port that leads elsewhere peers find no p2p, and the public finds what is not meant for it.",
  fix: "Restore generators/components/ports.ts: Services and containers take their ports from the network's `ports`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const numbers: Numbers = { ...network.ports, server: network.ethereumSidecar.port };
    for (const workload of workloads(manifests)) yield* containerPorts(workload, numbers);
    for (const service of ofKind<Service>(manifests, "Service")) yield* servicePorts(service, numbers);
  },
} satisfies Rule;

function* containerPorts({ manifest, template }: Workload, numbers: Numbers): Iterable<Finding> {
  for (const [i, { name = "", containerPort }] of (template.spec?.containers?.[0]?.ports ?? []).entries()) {
    if (containerPort === numbers[name]) continue;
    yield finding(manifest, `spec.template.spec.containers[0].ports[${i}]`, wrongNumber(name, containerPort, numbers));
  }
}

function* servicePorts(service: Manifest & Service, numbers: Numbers): Iterable<Finding> {
  for (const [i, { name = "", port, targetPort, protocol = "TCP" }] of (service.spec?.ports ?? []).entries()) {
    const field = `spec.ports[${i}]`;
    if (port !== numbers[name]) yield finding(service, `${field}.port`, wrongNumber(name, port, numbers));
    if (targetPort !== name) yield finding(service, `${field}.targetPort`, `must be ${name}, is ${targetPort}`);
    if (protocol !== "TCP") yield finding(service, `${field}.protocol`, `must be TCP, is ${protocol}`);
  }
}

const wrongNumber = (name: string, port: number, numbers: Numbers) =>
  name in numbers ? `the port ${name} must be ${numbers[name]}, is ${port}` : `the network has no port ${name}`;
