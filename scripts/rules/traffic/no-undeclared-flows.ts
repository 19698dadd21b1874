import { googleFrontEnds } from "generators/components/network-policies.ts";
import { nodeLabels, sidecarLabels } from "generators/network/names.ts";
import type { Network, PortName } from "generators/network/schema.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.js";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-undeclared-flows",
  why: "Every way in or out that nobody needs is a way for an intruder.",
  fix: "Remove the rule in generators/components/network-policies.ts; a network opens ways with `expose`, `gke`, `monitoring` and `ethereumSidecar`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const declared = new Set(declaredFlows(network));
    for (const policy of ofKind<NetworkPolicy>(manifests, "NetworkPolicy")) {
      for (const { field, flow } of flows(policy)) {
        if (!declared.has(flow)) yield finding(policy, field, `allows ${flow}, which the network does not declare`);
      }
    }
  },
} satisfies Rule;

/** Every flow that the network declares, as text: <pods> <from or to> <peer> <port>. */
function declaredFlows(network: Network): string[] {
  const [node, sidecar] = [labelText(nodeLabels(network)), labelText(sidecarLabels(network))];
  const { ethereumSidecar, gke, monitoring } = network;
  const into = (peer: string, ports: readonly PortName[]) =>
    ports.map((port) => `${node} from ${peer} ${network.ports[port]}/TCP`);
  const names = ["53/UDP", "53/TCP"];
  return [
    ...into("anywhere", network.expose),
    ...(gke ? googleFrontEnds : ["namespaces {}"]).flatMap((peer) =>
      into(peer, gke ? ["json-rpc", "json-rpc-ws", "rpc"] : ["json-rpc", "json-rpc-ws"]),
    ),
    ...into(`namespaces ${labelText({ "kubernetes.io/metadata.name": monitoring?.namespace ?? "" })}`, [
      "metrics",
      "evm-metrics",
    ]),
    `${sidecar} from pods ${node} ${ethereumSidecar.port}/TCP`,
    `${node} to pods ${sidecar} ${ethereumSidecar.port}/TCP`,
    `${node} to anywhere ${network.ports.p2p}/TCP`,
    ...[node, sidecar].flatMap((pods) => names.map((port) => `${pods} to anywhere ${port}`)),
    ...ethereumSidecar.ethereumPorts.map((port) => `${sidecar} to anywhere ${port}/TCP`),
  ];
}

/** Every flow that a policy allows, in the same words. */
function flows({ spec }: NetworkPolicy): { field: string; flow: string }[] {
  const pods = selectorText(spec?.podSelector);
  const each = (way: "from" | "to", place: string, ports?: NetworkPolicyPort[], peers?: NetworkPolicyPeer[]) =>
    (peers?.length ? peers.map(peerText) : ["anywhere"]).flatMap((peer) =>
      (ports?.length ? ports.map(portText) : ["every port"]).map((port) => ({
        field: place,
        flow: `${pods} ${way} ${peer} ${port}`,
      })),
    );
  return [
    ...(spec?.ingress ?? []).flatMap(({ from, ports }, i) => each("from", `spec.ingress[${i}]`, ports, from)),
    ...(spec?.egress ?? []).flatMap(({ to, ports }, i) => each("to", `spec.egress[${i}]`, ports, to)),
  ];
}

const portText = ({ port, endPort, protocol = "TCP" }: NetworkPolicyPort) =>
  `${port ?? "every port"}${endPort ? `-${endPort}` : ""}/${protocol}`;

function peerText({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): string {
  if (ipBlock) return ipBlock.cidr;
  const namespaces = namespaceSelector && `namespaces ${selectorText(namespaceSelector)}`;
  return [namespaces, podSelector && `pods ${selectorText(podSelector)}`].filter(Boolean).join(" ");
}

const selectorText = ({ matchLabels, matchExpressions }: LabelSelector = {}) =>
  `${labelText(matchLabels)}${matchExpressions?.length ? JSON.stringify(matchExpressions) : ""}`;

const labelText = (labels: Record<string, string> = {}) =>
  `{${Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(",")}}`;
