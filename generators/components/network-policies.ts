import type {
  NetworkPolicy,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "kubernetes-types/networking/v1.js";
import {
  connectLabels,
  gateLabels,
  nodeLabels,
  nodeName,
  rpcName,
  sidecarLabels,
  sidecarName,
  validatorLabels,
} from "../network/names.ts";
import type { BaseNetwork, Network, PortName } from "../network/schema.ts";
import { serverPort } from "../network/state-sync.ts";

type Connect = NonNullable<Network["connectSidecar"]>;
type Monitoring = NonNullable<Network["monitoring"]>;

/** The addresses of Google's load balancers and their health checks. */
export const googleFrontEnds = ["130.211.0.0/22", "35.191.0.0/16"];

/** The ports of DNS. */
export const dns: NetworkPolicyPort[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/** Ports of TCP, as policies name them. */
export const tcp = (ports: number[]): NetworkPolicyPort[] => ports.map((port) => ({ port, protocol: "TCP" }));

/** The pods of the network's namespace that have some labels. */
export const podsWith = (matchLabels: Record<string, string>): NetworkPolicyPeer => ({ podSelector: { matchLabels } });

const podsIn = (namespace: string): NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});

/** Denies the pods of a network all traffic, both ways. The other policies each allow some. */
export const defaultDeny = ({ app }: BaseNetwork): NetworkPolicy =>
  policy(`${app}-default-deny`, { app }, { policyTypes: ["Ingress", "Egress"] });

/** Opens what every validator needs: its peers, DNS and the sidecar. */
export const nodePolicy = (network: BaseNetwork, sidecarPort: number): NetworkPolicy =>
  policy(`${network.app}-node`, nodeLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { ports: tcp([network.ports.p2p]) },
      // Before it starts, while it lags and before a rollout a pod asks the others where the chain is.
      { ports: tcp([network.ports.rpc]), from: [podsWith(nodeLabels(network)), podsWith(gateLabels(network))] },
    ],
    egress: [
      { ports: dns },
      { ports: tcp([network.ports.rpc]), to: [podsWith(nodeLabels(network))] },
      // To peers of other operators too, as long as they listen on the usual port.
      { ports: tcp([network.ports.p2p]) },
      { ports: tcp([sidecarPort]), to: [podsWith(sidecarLabels(network))] },
    ],
  });

/** Opens the sidecar to the validators, and DNS to the sidecar. */
export const sidecarPolicy = (network: BaseNetwork, port: number): NetworkPolicy =>
  policy(sidecarName, sidecarLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: tcp([port]), from: [podsWith(nodeLabels(network))] }],
    egress: [{ ports: dns }],
  });

/** Opens the validators' rpc to the gates, and DNS. */
export const gatePolicy = (network: BaseNetwork): NetworkPolicy =>
  policy(`${network.app}-gate`, gateLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    egress: [{ ports: dns }, { ports: tcp([network.ports.rpc]), to: [podsWith(nodeLabels(network))] }],
  });

/** Opens the ports of the Ethereum node to the sidecar. */
export const ethereumPolicy = (network: Network): NetworkPolicy =>
  policy(`${sidecarName}-ethereum`, sidecarLabels(network), {
    policyTypes: ["Egress"],
    egress: [{ ports: tcp(network.ethereumSidecar.ethereumPorts) }],
  });

/** Opens the ports of the Ethereum node to a validator that has a sidecar of its own. */
export const ownEthereumPolicy = (network: Network, index: number): NetworkPolicy =>
  policy(`${nodeName(network, index)}-ethereum`, validatorLabels(network, index), {
    policyTypes: ["Egress"],
    egress: [{ ports: tcp(network.ethereumSidecar.ethereumPorts) }],
  });

/** Opens Connect to the validators, and to Connect their gRPC, DNS and the ports of exchanges. */
export const connectPolicy = (network: Network, { port, exchangePorts }: Connect): NetworkPolicy =>
  policy(`${network.app}-connect`, connectLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: tcp([port]), from: [podsWith(nodeLabels(network))] }],
    egress: [
      { ports: dns },
      { ports: tcp([network.ports.grpc]), to: [podsWith(nodeLabels(network))] },
      { ports: tcp(exchangePorts) },
    ],
  });

/** Opens the validators' gRPC to Connect, and Connect to the validators. */
export const nodeConnectPolicy = (network: Network, { port }: Connect): NetworkPolicy =>
  policy(`${network.app}-node-connect`, nodeLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: tcp([network.ports.grpc]), from: [podsWith(connectLabels(network))] }],
    egress: [{ ports: tcp([port]), to: [podsWith(connectLabels(network))] }],
  });

/** Opens the ports at which peers of other operators listen, where these are not the network's own. */
export const peersPolicy = (network: Network, ports: readonly number[]): NetworkPolicy =>
  policy(`${network.app}-node-peers`, nodeLabels(network), {
    policyTypes: ["Egress"],
    egress: [{ ports: tcp([...ports]) }],
  });

/** Opens JSON-RPC on the validators. */
export const jsonRpcPolicy = (network: Network): NetworkPolicy =>
  policy(rpcName(network), nodeLabels(network), { policyTypes: ["Ingress"], ingress: [jsonRpcRule(network)] });

/**
 * Opens JSON-RPC to Google's front ends, whose health checks also ask rpc. Where there is no load balancer, it opens JSON-RPC
 * to every pod in the cluster.
 */
export function jsonRpcRule(network: Network): NetworkPolicyIngressRule {
  const from: NetworkPolicyPeer[] = network.gke
    ? googleFrontEnds.map((cidr) => ({ ipBlock: { cidr } }))
    : [{ namespaceSelector: {} }];
  const ports: PortName[] = ["json-rpc", "json-rpc-ws", ...(network.gke ? ["rpc" as const] : [])];
  return { ports: tcp(ports.map((port) => network.ports[port])), from };
}

/** Opens to everybody the ports that the network exposes besides p2p. */
export const exposePolicy = (network: Network, ports: PortName[]): NetworkPolicy =>
  ingressPolicy(network, `${network.app}-node-exposed`, ports);

/**
 * The labels of the pods that collect metrics: as the prometheus-engine project names the collectors of GKE's managed
 * Prometheus, and as the Prometheus Operator and the charts of the Prometheus community name theirs.
 */
const scraperLabels: Record<Monitoring["kind"], Record<string, string>> = {
  gmp: { "app.kubernetes.io/name": "collector" },
  "prometheus-operator": { "app.kubernetes.io/name": "prometheus" },
  annotations: { "app.kubernetes.io/name": "prometheus" },
};

/** The pods that collect metrics. */
export const scrapers = ({ kind, namespace }: Monitoring): NetworkPolicyPeer => ({
  ...podsIn(namespace),
  ...podsWith(scraperLabels[kind]),
});

/** Opens the metrics ports to the pods that collect metrics. */
export const metricsPolicy = (network: Network, monitoring: Monitoring): NetworkPolicy =>
  ingressPolicy(network, `${network.app}-node-metrics`, ["metrics", "evm-metrics"], [scrapers(monitoring)]);

/** Opens ports of the validators to the pods that the network names. */
export const clientsPolicy = (network: Network): NetworkPolicy =>
  policy(`${network.app}-node-clients`, nodeLabels(network), {
    policyTypes: ["Ingress"],
    ingress: clientRules(network),
  });

/** Each client with the ports that it may reach. */
export const clientRules = (network: Network): NetworkPolicyIngressRule[] =>
  network.clients.map(({ namespace, podLabels, ports }) => ({
    ports: tcp(ports.map((port) => network.ports[port])),
    from: [{ ...(namespace && podsIn(namespace)), ...(podLabels && podsWith(podLabels)) }],
  }));

/** Opens the ports of the servers that a validator asks for the chain's state. */
export const stateSyncPolicy = (network: Network, index: number, servers: readonly string[]): NetworkPolicy =>
  policy(`${nodeName(network, index)}-state-sync`, validatorLabels(network, index), {
    policyTypes: ["Egress"],
    egress: [{ ports: tcp([...new Set(servers.map(serverPort))]) }],
  });

const ingressPolicy = (network: Network, name: string, ports: PortName[], from?: NetworkPolicyPeer[]) =>
  policy(name, nodeLabels(network), {
    policyTypes: ["Ingress"],
    ingress: [{ ports: tcp(ports.map((port) => network.ports[port])), ...(from && { from }) }],
  });

/** A policy of the pods that have some labels. */
export const policy = (
  name: string,
  podLabels: Record<string, string>,
  rules: Omit<NonNullable<NetworkPolicy["spec"]>, "podSelector">,
): NetworkPolicy => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name },
  spec: { podSelector: { matchLabels: podLabels }, ...rules },
});
