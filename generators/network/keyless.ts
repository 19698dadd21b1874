import { nodeLabels } from "./names.ts";
import type { Network } from "./schema.ts";

type App = Pick<Network, "app">;

/** The kinds of nodes that have no key, as their labels say it. */
export const keylessKinds = ["rpc-node", "seed"] as const;
export type KeylessKind = (typeof keylessKinds)[number];

/** All nodes of one kind: one StatefulSet. */
export interface KeylessSet {
  kind: KeylessKind;
  replicas: number;
  resources: Network["resources"];
  storage: NonNullable<Network["rpcNodes"]>["storage"];
  settings: Network["settings"];
}

/** The nodes without keys that a network has, kind by kind. */
export const keylessSets = ({ rpcNodes, seedNodes }: Pick<Network, "rpcNodes" | "seedNodes">): KeylessSet[] => [
  ...(rpcNodes ? [{ kind: "rpc-node" as const, ...rpcNodes }] : []),
  ...(seedNodes ? [{ kind: "seed" as const, replicas: seedNodes.hosts.length, ...seedNodes }] : []),
];

/** The name of their StatefulSet, its Service, its budget and its policy: mezo-rpc-node. */
export const keylessName = ({ app }: App, kind: KeylessKind) => `${app}-${kind}`;
export const keylessLabels = ({ app }: App, kind: KeylessKind) => ({ app, type: kind });
/** The name of the ConfigMap with their files, before Kustomize appends the hash of its content. */
export const keylessConfigName = (network: App, kind: KeylessKind) => `${keylessName(network, kind)}-config`;
/** The name of the ConfigMap with the scripts of all kinds, before its hash. */
export const keylessScriptsName = ({ app }: App) => `${app}-keyless-scripts`;
/** The name of the claimed volume with the chain's data. */
export const keylessDataName = (network: App, kind: KeylessKind) => `${keylessName(network, kind)}-data`;

/** The label with which Kubernetes numbers the pods of each StatefulSet. */
export const podIndexLabel = "apps.kubernetes.io/pod-index";

/**
 * The number of the first pod. Seeds begin with 1: by the number 0 JSON-RPC's Service finds its pods while both validators
 * and RPC nodes answer.
 */
export const firstOrdinal = (kind: KeylessKind) => (kind === "seed" ? 1 : 0);

/** The pods of a set, by name. */
export const keylessPods = (network: App, { kind, replicas }: Pick<KeylessSet, "kind" | "replicas">): string[] =>
  Array.from({ length: replicas }, (_, i) => `${keylessName(network, kind)}-${firstOrdinal(kind) + i}`);

/** The container of an RPC node's proxy. */
export const proxyName = "proxy";
/** The ports of JSON-RPC, which an RPC node's proxy has. */
export const proxiedPorts = ["json-rpc", "json-rpc-ws"] as const;

// Above any port that the chain's software has by default.
const ownPortOffset = 10_000;

/** The port at which an RPC node itself answers what its proxy has at one of the network's ports. */
export const ownPort = ({ ports }: Pick<Network, "ports">, name: (typeof proxiedPorts)[number]) =>
  ports[name] + ownPortOffset;

/** The ports at which RPC nodes themselves answer JSON-RPC, behind their proxies, each with its name. */
export const ownPorts = (network: Pick<Network, "ports">) =>
  proxiedPorts.map((name) => ({ name: `own-${name}`, port: ownPort(network, name) }));

/** Whether the public's JSON-RPC leads to validators. */
export const validatorsServe = ({ jsonRpcServedBy }: Pick<Network, "jsonRpcServedBy">) =>
  jsonRpcServedBy !== "rpcNodes";

/**
 * The labels of the pods that the public's JSON-RPC leads to. On the way from validators to RPC nodes, and back, these are
 * all validators and the first RPC node: each is the pod number 0 of its StatefulSet, and no other label is common to them.
 * A load balancer has that node healthy before the others go, so at no time it knows nobody who answers.
 */
export function jsonRpcSelector(network: Pick<Network, "app" | "jsonRpcServedBy">): Record<string, string> {
  if (network.jsonRpcServedBy === "both") return { app: network.app, [podIndexLabel]: "0" };
  return network.jsonRpcServedBy === "rpcNodes" ? keylessLabels(network, "rpc-node") : nodeLabels(network);
}

/** What nodes that take the chain's state from peers are told of it; undefined for any others. */
export const keylessStateSync = ({ stateSync }: Pick<Network, "stateSync">, kind: KeylessKind): Network["stateSync"] =>
  kind === "rpc-node" && stateSync?.rpcNodes ? stateSync : undefined;

/** Whether some RPC nodes are archives, and the others are not. */
export const hasMixedArchives = ({ rpcNodes }: Pick<Network, "rpcNodes">) =>
  rpcNodes?.archive !== undefined && rpcNodes.archive < rpcNodes.replicas;
