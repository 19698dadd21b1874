import { validatorsServe } from "generators/network/keyless.ts";
import {
  connectLabels,
  gateLabels,
  nodeLabels,
  nodeName,
  rpcName,
  sidecarLabels,
  sidecarName,
  validatorLabels,
} from "generators/network/names.ts";
import { isGated } from "generators/network/rollout.ts";
import type { Network, PortName } from "generators/network/schema.ts";
import { hasOwnSidecar, hasSharedSidecar, withConnect } from "generators/network/sidecars.ts";
import { snapshotsLabels, snapshotsName } from "generators/network/snapshots.ts";
import type { Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";

type Labels = Readonly<Record<string, string>>;

/** The ways in and out that some pods have. */
export interface Ways {
  policyTypes: readonly ("Ingress" | "Egress")[];
  ingress?: Shape;
  egress?: Shape;
}

/** The addresses of Google's load balancers and of their health checks. */
const googleFrontEnds = ["130.211.0.0/22", "35.191.0.0/16"];

const both = ["Ingress", "Egress"] as const;
export const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
export const dns = {
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};
export const pods = (matchLabels: Labels) => ({ podSelector: { matchLabels } });

/** Every NetworkPolicy: all that is denied, and each way that the network declares. */
export function policies(network: Network): Expected[] {
  const { app, clients, ports, ethereumSidecar, expose, monitoring } = network;
  const [node, gate, sidecar] = [nodeLabels(network), gateLabels(network), sidecarLabels(network)];
  const into = (names: readonly PortName[], from?: readonly Shape[]): Ways => ({
    policyTypes: ["Ingress"],
    ingress: [{ ports: tcp(...names.map((name) => ports[name])), ...(from && { from }) }],
  });
  const more = expose.filter((name) => name !== "p2p");
  const policy = (name: string, matchLabels: Labels, ways: Ways) => expected(network, name, matchLabels, ways);
  return [
    policy(`${app}-default-deny`, { app }, { policyTypes: both }),
    policy(`${app}-node`, node, {
      policyTypes: both,
      ingress: [{ ports: tcp(ports.p2p) }, { ports: tcp(ports.rpc), from: [pods(node), pods(gate)] }],
      egress: [
        dns,
        { ports: tcp(ports.rpc), to: [pods(node)] },
        { ports: tcp(ports.p2p) },
        { ports: tcp(ethereumSidecar.port), to: [pods(sidecar)] },
      ],
    }),
    ...sidecars(network),
    ...connect(network),
    ...peers(network),
    ...(validatorsServe(network) ? [policy(rpcName(network), node, jsonRpcWays(network))] : []),
    ...(more.length > 0 ? [policy(`${app}-node-exposed`, node, into(more))] : []),
    ...(clients.length > 0 && validatorsServe(network)
      ? [policy(`${app}-node-clients`, node, forClients(network))]
      : []),
    ...stateSync(network),
    ...snapshots(network),
    ...(monitoring ? [policy(`${app}-node-metrics`, node, into(metrics, [scraper(monitoring)]))] : []),
    ...(isGated(network)
      ? [
          policy(`${app}-gate`, gate, {
            policyTypes: both,
            egress: [dns, { ports: tcp(ports.rpc), to: [pods(node)] }],
          }),
        ]
      : []),
  ];
}

/** Of the job that makes snapshots: the way to the API server, at the ports where clusters have it. */
function snapshots(network: Network): Expected[] {
  const ways: Ways = { policyTypes: both, egress: [{ ports: tcp(443, 6443) }] };
  return network.snapshots ? [expected(network, snapshotsName(network), snapshotsLabels(network), ways)] : [];
}

/** The ways of the ethereum-sidecar that validators share, and of each validator that has one in its own pod. */
function* sidecars(network: Network): Iterable<Expected> {
  const { port, ethereumPorts } = network.ethereumSidecar;
  const labels = sidecarLabels(network);
  const ethereum: Ways = { policyTypes: ["Egress"], egress: [{ ports: tcp(...ethereumPorts) }] };
  if (hasSharedSidecar(network)) {
    yield expected(network, sidecarName, labels, {
      policyTypes: both,
      ingress: [{ ports: tcp(port), from: [pods(nodeLabels(network))] }],
      egress: [dns],
    });
    yield expected(network, `${sidecarName}-ethereum`, labels, ethereum);
  }
  for (const { index } of network.validators) {
    if (!hasOwnSidecar(network, index)) continue;
    yield expected(network, `${nodeName(network, index)}-ethereum`, validatorLabels(network, index), ethereum);
  }
}

/** The ways between validators and the price oracles, and from these to the exchanges. */
function* connect(network: Network): Iterable<Expected> {
  const { connectSidecar, ports, app } = network;
  if (!connectSidecar || withConnect(network).length === 0) return;
  const { port, exchangePorts } = connectSidecar;
  const [node, oracle] = [nodeLabels(network), connectLabels(network)];
  yield expected(network, `${app}-connect`, oracle, {
    policyTypes: both,
    ingress: [{ ports: tcp(port), from: [pods(node)] }],
    egress: [dns, { ports: tcp(ports.grpc), to: [pods(node)] }, { ports: tcp(...exchangePorts) }],
  });
  yield expected(network, `${app}-node-connect`, node, {
    policyTypes: both,
    ingress: [{ ports: tcp(ports.grpc), from: [pods(oracle)] }],
    egress: [{ ports: tcp(port), to: [pods(oracle)] }],
  });
}

/** The ways to peers of other operators that listen elsewhere than the network's own nodes. */
function peers(network: Network): Expected[] {
  const theirs = new Set(network.peers.map(({ address }) => Number(address.split(":").at(-1))));
  theirs.delete(network.ports.p2p);
  const ways: Ways = { policyTypes: ["Egress"], egress: [{ ports: tcp(...theirs) }] };
  return theirs.size > 0 ? [expected(network, `${network.app}-node-peers`, nodeLabels(network), ways)] : [];
}

const jsonRpc: readonly PortName[] = ["json-rpc", "json-rpc-ws"];
const metrics: readonly PortName[] = ["metrics", "evm-metrics"];

/** Who reaches JSON-RPC: Google's front ends, whose health checks ask rpc, too; without them every pod of the cluster. */
export function jsonRpcWays({ gke, ports }: Network): Ways {
  const names: readonly PortName[] = gke ? [...jsonRpc, "rpc"] : jsonRpc;
  const from: Shape = gke ? googleFrontEnds.map((cidr) => ({ ipBlock: { cidr } })) : [{ namespaceSelector: {} }];
  return { policyTypes: ["Ingress"], ingress: [{ ports: tcp(...names.map((name) => ports[name])), from }] };
}

export const forClients = ({ clients, ports }: Network): Ways => ({
  policyTypes: ["Ingress"],
  ingress: clients.map(({ namespace, podLabels, ports: names }) => ({
    ports: tcp(...names.map((name) => ports[name])),
    from: [{ ...(namespace && namespaceOf(namespace)), ...(podLabels && pods(podLabels)) }],
  })),
});

/** Of each validator that takes the chain's state from others: the way to those that it asks. */
function stateSync(network: Network): Expected[] {
  const { validators = [], rpcServers = [] } = network.stateSync ?? {};
  const open = serverPorts(rpcServers);
  return validators.map((index) =>
    expected(network, `${nodeName(network, index)}-state-sync`, validatorLabels(network, index), {
      policyTypes: ["Egress"],
      egress: [{ ports: tcp(...open) }],
    }),
  );
}

/** The ports of the servers that nodes take the chain's state from. */
export const serverPorts = (rpcServers: readonly string[]) =>
  new Set(rpcServers.map((url) => Number(new URL(url).port || (url.startsWith("https") ? 443 : 80))));

/** The pods that collect metrics: of GKE's managed Prometheus its collectors, else a Prometheus. */
export const scraper = ({ kind, namespace }: NonNullable<Network["monitoring"]>) => ({
  ...namespaceOf(namespace),
  ...pods({ "app.kubernetes.io/name": kind === "gmp" ? "collector" : "prometheus" }),
});

const namespaceOf = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

export const expected = (network: Network, name: string, matchLabels: Labels, ways: Ways): Expected => ({
  kind: "NetworkPolicy",
  name,
  shape: {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: network.namespace },
    spec: { podSelector: { matchLabels }, ...ways },
  },
});
