import { keylessLabels, keylessName, validatorsServe } from "generators/network/keyless.ts";
import {
  connectLabels,
  connectName,
  internalName,
  nodeLabels,
  nodeName,
  rpcName,
  sidecarLabels,
  sidecarName,
  validatorLabels,
} from "generators/network/names.ts";
import type { Network, PortName } from "generators/network/schema.ts";
import { hasConnect, hasSharedSidecar, withConnect } from "generators/network/sidecars.ts";
import { listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { proxied } from "./proxy.ts";

/** Every Service: of each validator one for its peers and one for the network's own pods, of JSON-RPC, of the sidecars. */
export const services = (network: Network): Expected[] => [
  ...network.validators.flatMap(({ index }) => [
    service(network, nodeName(network, index), validatorLabels(network, index), publicService(network, index)),
    service(network, internalName(network, index), validatorLabels(network, index), {
      spec: {
        selector: validatorLabels(network, index),
        publishNotReadyAddresses: true,
        ports: ports(network, [
          "rpc",
          ...(validatorsServe(network) ? network.clients.flatMap((client) => client.ports) : []),
          // Its Connect asks for the markets there.
          ...(hasConnect(network, index) ? ["grpc" as const] : []),
        ]),
      },
    }),
  ]),
  service(network, rpcName(network), { app: network.app, type: "rpc" }, jsonRpc(network)),
  ...(hasSharedSidecar(network)
    ? [
        service(network, sidecarName, sidecarLabels(network), {
          spec: {
            selector: sidecarLabels(network),
            ports: [{ name: "server", port: network.ethereumSidecar.port, targetPort: "server" }],
          },
        }),
      ]
    : []),
  ...keyless(network),
  ...withConnect(network).map((index) => {
    const labels = { ...connectLabels(network), id: String(index) };
    const port = network.connectSidecar?.port;
    return service(network, connectName(network, index), labels, {
      spec: { selector: labels, ports: [{ name: "prices", port, targetPort: "prices" }] },
    });
  }),
];

interface Own {
  annotations?: Shape;
  spec: Shape;
}

const service = (network: Network, name: string, labels: Shape, { annotations, spec }: Own): Expected => ({
  kind: "Service",
  name,
  shape: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: network.namespace, labels, ...(annotations !== undefined && { annotations }) },
    spec,
  },
});

/** Peers must reach a node that is still catching up, because that is how it catches up. */
const publicService = (network: Network, index: number): Own => ({
  annotations: {
    "argocd.argoproj.io/sync-options": "Delete=false,Prune=confirm",
    ...(network.gke && {
      "cloud.google.com/l4-rbs": "enabled",
      "networking.gke.io/load-balancer-ip-addresses": network.gke.nodeAddress.replace("{index}", String(index)),
    }),
  },
  spec: {
    selector: validatorLabels(network, index),
    publishNotReadyAddresses: true,
    ports: ports(network, ["p2p", ...network.expose]),
    // A peer is known by the address that it comes from.
    ...(network.gke && { type: "LoadBalancer", externalTrafficPolicy: "Local" }),
  },
});

/** On GKE its endpoints are the pods that are ready, and each port has its BackendConfig. */
const jsonRpc = (network: Network): Own => ({
  ...(network.gke && {
    annotations: {
      "cloud.google.com/backend-config": JSON.stringify({
        ports: {
          "json-rpc": `${rpcName(network)}-backend-config`,
          "json-rpc-ws": `${rpcName(network)}-ws-backend-config`,
        },
      }),
      "cloud.google.com/neg": JSON.stringify({ ingress: true }),
    },
  }),
  spec: { selector: answering(network), ports: ports(network, ["json-rpc", "json-rpc-ws"]) },
});

/** The pods that answer JSON-RPC. The number 0 is each validator's, and that of the first RPC node. */
const answering = (network: Network): Shape =>
  ({
    validators: nodeLabels(network),
    both: { app: network.app, "apps.kubernetes.io/pod-index": "0" },
    rpcNodes: keylessLabels(network, "rpc-node"),
  })[network.jsonRpcServedBy];

/** Of RPC nodes one inside the cluster and one for what they expose; of seeds one for each. */
function keyless(network: Network): Expected[] {
  const { clients, gke, rpcNodes, seedNodes } = network;
  const [rpc, seed] = [keylessLabels(network, "rpc-node"), keylessLabels(network, "seed")];
  const expose = rpcNodes?.expose ?? [];
  const inside: PortName[] = ["rpc", ...clients.flatMap((client) => client.ports), ...(gke ? [] : expose)];
  const name = keylessName(network, "rpc-node");
  return [
    ...(rpcNodes
      ? [service(network, name, rpc, { spec: { selector: rpc, ports: behindProxies(network, inside) } })]
      : []),
    ...(gke && expose.length > 0
      ? [
          service(network, `${name}-public`, rpc, {
            annotations: reserved(gke.rpcNodeAddress),
            spec: { selector: rpc, ports: ports(network, expose), ...balanced },
          }),
        ]
      : []),
    ...(seedNodes
      ? [
          service(network, keylessName(network, "seed"), seed, {
            spec: { selector: seed, ports: ports(network, ["p2p"]) },
          }),
        ]
      : []),
    ...(seedNodes?.hosts ?? []).map((_, i) => {
      const pod = `${keylessName(network, "seed")}-${i + 1}`;
      return service(network, pod, seed, {
        ...(gke && { annotations: reserved(gke.seedAddress?.replace("{index}", String(i + 1))) }),
        spec: {
          selector: { ...seed, "statefulset.kubernetes.io/pod-name": pod },
          publishNotReadyAddresses: true,
          ports: ports(network, ["p2p"]),
          ...(gke && balanced),
        },
      });
    }),
  ];
}

/** The proxies of RPC nodes that are down ask the others there, and those of `clients` what is theirs. */
const behindProxies = (network: Network, inside: readonly PortName[]) =>
  listed("name", [
    ...portList(network, inside),
    ...proxied(network).map(({ own }) => ({ ...own, targetPort: own.name })),
  ]);

const balanced = { type: "LoadBalancer", externalTrafficPolicy: "Local" };

const reserved = (address = ""): Shape => ({
  "cloud.google.com/l4-rbs": "enabled",
  "networking.gke.io/load-balancer-ip-addresses": address,
});

const ports = (network: Network, names: readonly PortName[]) => listed("name", portList(network, names));

const portList = (network: Network, names: readonly PortName[]): { name: string; port: number; targetPort: string }[] =>
  [...new Set(names)].map((name) => ({ name, port: network.ports[name], targetPort: name }));
