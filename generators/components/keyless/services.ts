import type { Service, ServicePort } from "kubernetes-types/core/v1.js";
import { type KeylessSet, keylessLabels, keylessName, keylessPods, ownPorts } from "../../network/keyless.ts";
import type { Network, PortName } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { servicePorts } from "../ports.ts";

/** The Services of nodes without keys: one for pods in the cluster, and those that lead in from outside. */
export const keylessServices = (network: Network, set: KeylessSet): Files => ({
  "service.yaml": clusterService(network, set),
  ...(set.kind === "seed" ? seedServices(network, set) : publicService(network)),
});

/** Where pods in the cluster find a node that is ready: those of `clients`, and nodes that take the chain's state. */
function clusterService(network: Network, { kind }: KeylessSet): Service {
  const name = keylessName(network, kind);
  return service(name, keylessLabels(network, kind), {
    selector: keylessLabels(network, kind),
    ports:
      kind === "seed"
        ? servicePorts(network, ["p2p"])
        : [...servicePorts(network, rpcNodePorts(network)), ...own(network)],
  });
}

/** Where the proxies of RPC nodes that are down find the others, past their proxies. A policy lets in nobody else. */
const own = (network: Network): ServicePort[] =>
  ownPorts(network).map(({ name, port }) => ({ name, port, targetPort: name }));

/** The ports of the RPC nodes' Service in the cluster. */
export function rpcNodePorts({ clients, gke, rpcNodes }: Network): PortName[] {
  const asked = clients.flatMap(({ ports }) => ports);
  // On GKE what is exposed has a Service of its own.
  return [...new Set<PortName>(["rpc", ...asked, ...(gke ? [] : (rpcNodes?.expose ?? []))])];
}

/** On GKE: the ports that RPC nodes open to everybody beside JSON-RPC, at one address for all of them. */
function publicService(network: Network): Files {
  const { gke, rpcNodes } = network;
  if (!gke?.rpcNodeAddress || !rpcNodes || rpcNodes.expose.length === 0) return {};
  const labels = keylessLabels(network, "rpc-node");
  const spec = { selector: labels, ports: servicePorts(network, rpcNodes.expose) };
  const name = `${keylessName(network, "rpc-node")}-public`;
  return { "service-public.yaml": onGke(service(name, labels, spec), gke.rpcNodeAddress) };
}

/** Each seed has a Service of its own, because peers know it by its identity, and others would answer with another one. */
function seedServices(network: Network, set: KeylessSet): Files {
  const { gke } = network;
  const labels = keylessLabels(network, "seed");
  return Object.fromEntries(
    keylessPods(network, set).map((pod) => {
      const number = pod.slice(pod.lastIndexOf("-") + 1);
      const own = service(pod, labels, {
        selector: { ...labels, "statefulset.kubernetes.io/pod-name": pod },
        publishNotReadyAddresses: true,
        ports: servicePorts(network, ["p2p"]),
      });
      const address = gke?.seedAddress?.replace("{index}", number);
      return [`service-${number}.yaml`, address === undefined ? own : onGke(own, address)];
    }),
  );
}

const service = (name: string, labels: Record<string, string>, spec: Service["spec"]): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels },
  ...(spec && { spec }),
});

/** A Service behind a load balancer with a reserved address, which passes on whom a connection comes from. */
const onGke = ({ metadata, spec, ...rest }: Service, address: string): Service => ({
  ...rest,
  metadata: {
    ...metadata,
    annotations: {
      "cloud.google.com/l4-rbs": "enabled",
      "networking.gke.io/load-balancer-ip-addresses": address,
    },
  },
  spec: { ...spec, type: "LoadBalancer", externalTrafficPolicy: "Local" },
});
