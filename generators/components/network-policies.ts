import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { nodeLabels, rpcName, sidecarLabels, sidecarName } from "../network/names.ts";
import type { Network, PortName } from "../network/schema.ts";
import type { Files } from "../tree.ts";
import { kustomization } from "./kustomization.ts";
import type { BaseNetwork } from "./validator/validator.ts";

/** Where Google's load balancers and their health checks come from. */
export const googleFrontEnds = ["130.211.0.0/22", "35.191.0.0/16"];

const dns: NetworkPolicyPort[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

const tcp = (ports: number[]): NetworkPolicyPort[] => ports.map((port) => ({ port, protocol: "TCP" }));

/** base/<app>-shared: what all validators share. */
export const sharedBase = (network: BaseNetwork, sidecarPort: number): Files => ({
  "kustomization.yaml": kustomization({
    resources: ["networkpolicy-default-deny.yaml", "networkpolicy-node.yaml", "poddisruptionbudget.yaml"],
  }),
  "networkpolicy-default-deny.yaml": defaultDeny(network),
  "networkpolicy-node.yaml": nodePolicy(network, sidecarPort),
  "poddisruptionbudget.yaml": disruptionBudget(network),
});

/** Of five equal validators one may be down, and a drain takes them one at a time. */
const disruptionBudget = (network: BaseNetwork): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: `${network.app}-node` },
  spec: { maxUnavailable: 1, selector: { matchLabels: nodeLabels(network) } },
});

const defaultDeny = ({ app }: BaseNetwork): NetworkPolicy =>
  policy(`${app}-default-deny`, { app }, { policyTypes: ["Ingress", "Egress"] });

const nodePolicy = (network: BaseNetwork, sidecarPort: number): NetworkPolicy =>
  policy(`${network.app}-node`, nodeLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: tcp([network.ports.p2p]) }],
    egress: [
      { ports: dns },
      // Peers of other operators included, as long as they listen on the usual port.
      { ports: tcp([network.ports.p2p]) },
      { ports: tcp([sidecarPort]), to: [{ podSelector: { matchLabels: sidecarLabels(network) } }] },
    ],
  });

/** The sidecar answers validators alone. */
export const sidecarPolicy = (network: BaseNetwork, port: number): NetworkPolicy =>
  policy(sidecarName, sidecarLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: tcp([port]), from: [{ podSelector: { matchLabels: nodeLabels(network) } }] }],
    egress: [{ ports: dns }],
  });

/** Opens the sidecar's way to the Ethereum node of this network. */
export const ethereumPolicy = (network: Network): NetworkPolicy =>
  policy(`${sidecarName}-ethereum`, sidecarLabels(network), {
    policyTypes: ["Egress"],
    egress: [{ ports: tcp(network.ethereumSidecar.ethereumPorts) }],
  });

/**
 * Opens JSON-RPC on the validators: to Google's front ends, which also ask rpc for its health, or to everybody in the
 * cluster where no load balancer stands before it.
 */
export function jsonRpcPolicy(network: Network): NetworkPolicy {
  const from: NetworkPolicyPeer[] = network.gke
    ? googleFrontEnds.map((cidr) => ({ ipBlock: { cidr } }))
    : [{ namespaceSelector: {} }];
  const ports: PortName[] = ["json-rpc", "json-rpc-ws", ...(network.gke ? ["rpc" as const] : [])];
  return ingressPolicy(network, rpcName(network), ports, from);
}

/** Opens the ports that `expose` adds to p2p, to everybody. */
export const exposePolicy = (network: Network, ports: PortName[]): NetworkPolicy =>
  ingressPolicy(network, `${network.app}-node-exposed`, ports);

/** Opens the metrics ports to the namespace that scrapes them. */
export const metricsPolicy = (network: Network, namespace: string): NetworkPolicy =>
  ingressPolicy(
    network,
    `${network.app}-node-metrics`,
    ["metrics", "evm-metrics"],
    [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
  );

const ingressPolicy = (network: Network, name: string, ports: PortName[], from?: NetworkPolicyPeer[]) =>
  policy(name, nodeLabels(network), {
    policyTypes: ["Ingress"],
    ingress: [{ ports: tcp(ports.map((port) => network.ports[port])), ...(from && { from }) }],
  });

const policy = (
  name: string,
  podLabels: Record<string, string>,
  rules: Omit<NonNullable<NetworkPolicy["spec"]>, "podSelector">,
): NetworkPolicy => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name },
  spec: { podSelector: { matchLabels: podLabels }, ...rules },
});
