import { type KeylessKind, keylessLabels, keylessName, keylessStateSync } from "generators/network/keyless.ts";
import { nodeLabels } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import type { Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { dns, expected, forClients, jsonRpcWays, pods, scraper, serverPorts, tcp, type Ways } from "./policies.ts";
import { proxied } from "./proxy.ts";

/** The NetworkPolicies of nodes without keys, and what they need of validators. */
export const keylessPolicies = (network: Network): Expected[] => [
  ...(network.rpcNodes ? rpcNodes(network) : []),
  ...(network.seedNodes ? seeds(network) : []),
];

/** Their only peers are validators, and nobody but a Service's users asks them. */
function* rpcNodes(network: Network): Iterable<Expected> {
  const { app, clients, monitoring, ports, rpcNodes } = network;
  const [node, own] = [nodeLabels(network), keylessLabels(network, "rpc-node")];
  // Where RPC nodes themselves answer, behind their proxies.
  const answered = proxied(network).map(({ own }) => own.port);
  yield policy(network, "rpc-node", "", {
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { ports: tcp(ports.p2p), from: [pods(node)] },
      { ports: tcp(ports.rpc, ...answered), from: [pods(own)] },
    ],
    egress: [
      dns,
      { ports: tcp(ports.p2p), to: [pods(node)] },
      { ports: tcp(ports.rpc), to: [pods(node), pods(own)] },
      { ports: tcp(...answered), to: [pods(own)] },
    ],
  });
  yield expected(network, `${app}-node-rpc-nodes`, node, into([{ ports: tcp(ports.rpc), from: [pods(own)] }]));
  yield policy(network, "rpc-node", "-json-rpc", jsonRpcWays(network));
  const open = (rpcNodes?.expose ?? []).map((name) => ports[name]);
  if (open.length > 0) yield policy(network, "rpc-node", "-exposed", into([{ ports: tcp(...open) }]));
  if (clients.length > 0) yield policy(network, "rpc-node", "-clients", forClients(network));
  const stateSync = keylessStateSync(network, "rpc-node");
  if (stateSync) {
    const egress = [{ ports: tcp(...serverPorts(stateSync.rpcServers)) }];
    yield policy(network, "rpc-node", "-state-sync", { policyTypes: ["Egress"], egress });
  }
  if (monitoring) yield scraped(network, "rpc-node", monitoring, [ports.metrics, ports["evm-metrics"]]);
}

/** A seed is dialled by everybody, and dials everybody. */
function* seeds(network: Network): Iterable<Expected> {
  const { monitoring, ports } = network;
  const p2p = { ports: tcp(ports.p2p) };
  yield policy(network, "seed", "", { policyTypes: ["Ingress", "Egress"], ingress: [p2p], egress: [dns, p2p] });
  if (monitoring) yield scraped(network, "seed", monitoring, [ports.metrics]);
}

const into = (ingress: Shape): Ways => ({ policyTypes: ["Ingress"], ingress });

const scraped = (
  network: Network,
  kind: KeylessKind,
  monitoring: NonNullable<Network["monitoring"]>,
  ports: readonly number[],
) => policy(network, kind, "-metrics", into([{ ports: tcp(...ports), from: [scraper(monitoring)] }]));

const policy = (network: Network, kind: KeylessKind, suffix: string, ways: Ways) =>
  expected(network, `${keylessName(network, kind)}${suffix}`, keylessLabels(network, kind), ways);
