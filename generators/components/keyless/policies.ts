import type { NetworkPolicy } from "kubernetes-types/networking/v1.js";
import { type KeylessKind, keylessLabels, keylessName, keylessStateSync, ownPorts } from "../../network/keyless.ts";
import { nodeLabels } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";
import { serverPort } from "../../network/state-sync.ts";
import type { Files } from "../../tree.ts";
import { clientRules, dns, jsonRpcRule, podsWith, policy, scrapers, tcp } from "../network-policies.ts";

/** The policies of nodes without keys: what their pods may be reached by, and may reach. */
export const keylessPolicies = (network: Network, kind: KeylessKind): Files =>
  kind === "seed" ? seedPolicies(network) : rpcNodePolicies(network);

function rpcNodePolicies(network: Network): Files {
  const { clients, monitoring, rpcNodes } = network;
  const stateSync = keylessStateSync(network, "rpc-node");
  const expose = rpcNodes?.expose ?? [];
  return {
    "networkpolicy.yaml": rpcNodePolicy(network),
    "networkpolicy-validators.yaml": validatorPolicy(network),
    // Also before JSON-RPC leads there, so that it is open by then.
    "networkpolicy-json-rpc.yaml": own(network, "rpc-node", "-json-rpc", { ingress: [jsonRpcRule(network)] }),
    ...(expose.length > 0 && {
      "networkpolicy-exposed.yaml": own(network, "rpc-node", "-exposed", {
        ingress: [{ ports: tcp(expose.map((name) => network.ports[name])) }],
      }),
    }),
    ...(clients.length > 0 && {
      "networkpolicy-clients.yaml": own(network, "rpc-node", "-clients", { ingress: clientRules(network) }),
    }),
    ...(stateSync && {
      "networkpolicy-state-sync.yaml": own(network, "rpc-node", "-state-sync", {
        egress: [{ ports: tcp([...new Set(stateSync.rpcServers.map(serverPort))]) }],
      }),
    }),
    ...(monitoring && { "networkpolicy-metrics.yaml": metricsPolicy(network, "rpc-node", monitoring) }),
  };
}

/**
 * Validators are an RPC node's only peers. It asks them for the chain's height, and other RPC nodes for its state and for
 * what it can't answer itself.
 */
function rpcNodePolicy(network: Network): NetworkPolicy {
  const { p2p, rpc } = network.ports;
  const [validators, others] = [podsWith(nodeLabels(network)), podsWith(keylessLabels(network, "rpc-node"))];
  const answered = tcp(ownPorts(network).map(({ port }) => port));
  return own(network, "rpc-node", "", {
    ingress: [
      { ports: tcp([p2p]), from: [validators] },
      { ports: [...tcp([rpc]), ...answered], from: [others] },
    ],
    egress: [
      { ports: dns },
      { ports: tcp([p2p]), to: [validators] },
      { ports: tcp([rpc]), to: [validators, others] },
      { ports: answered, to: [others] },
    ],
  });
}

/** Opens the validators' rpc to RPC nodes. Their p2p is open to everybody. */
const validatorPolicy = (network: Network): NetworkPolicy =>
  policy(`${network.app}-node-rpc-nodes`, nodeLabels(network), {
    policyTypes: ["Ingress"],
    ingress: [{ ports: tcp([network.ports.rpc]), from: [podsWith(keylessLabels(network, "rpc-node"))] }],
  });

function seedPolicies(network: Network): Files {
  const p2p = { ports: tcp([network.ports.p2p]) };
  return {
    "networkpolicy.yaml": own(network, "seed", "", { ingress: [p2p], egress: [{ ports: dns }, p2p] }),
    ...(network.monitoring && { "networkpolicy-metrics.yaml": metricsPolicy(network, "seed", network.monitoring) }),
  };
}

const metricsPolicy = (network: Network, kind: KeylessKind, monitoring: NonNullable<Network["monitoring"]>) =>
  own(network, kind, "-metrics", {
    ingress: [
      {
        ports: tcp([network.ports.metrics, ...(kind === "seed" ? [] : [network.ports["evm-metrics"]])]),
        from: [scrapers(monitoring)],
      },
    ],
  });

type Ways = Pick<NonNullable<NetworkPolicy["spec"]>, "ingress" | "egress">;

const own = (network: Network, kind: KeylessKind, suffix: string, ways: Ways): NetworkPolicy =>
  policy(`${keylessName(network, kind)}${suffix}`, keylessLabels(network, kind), {
    policyTypes: [...(ways.ingress ? ["Ingress"] : []), ...(ways.egress ? ["Egress"] : [])],
    ...ways,
  });
