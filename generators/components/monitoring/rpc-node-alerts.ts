import { keylessName, proxyName, validatorsServe } from "../../network/keyless.ts";
import type { Network } from "../../network/schema.ts";
import type { Alert, Selectors } from "./alert.ts";

// Twenty blocks: a node that only restarts, or whose peer was away, is nearer.
const blocksBehind = 20;

/** What a network with RPC nodes has to say of them: whether the public is answered, and whether one of them is away. */
export function rpcNodeAlerts(network: Network, { cometbft, highest }: Selectors): Alert[] {
  if (!network.rpcNodes) return [];
  const pods = `namespace="${network.namespace}",pod=~"${keylessName(network, "rpc-node")}-[0-9]+"`;
  const own = cometbft("consensus_height", pods);
  const inStep = `count(${own} >= on() group_left() (${highest} - ${blocksBehind})) or vector(0)`;
  const proxies = `sum(kube_pod_container_status_ready{${pods},container="${proxyName}"})`;
  const alone = !validatorsServe(network);
  return [
    {
      name: "no-rpc-node",
      severity: alone ? "critical" : "warning",
      summary: `No RPC node is with the chain, or none has a proxy before it${alone ? ": nobody answers the public's JSON-RPC" : ", and validators answer the public alone"}.`,
      expr: `(${inStep}) == 0 or ${proxies} == 0`,
      for: "5m",
    },
    {
      name: "rpc-node-away",
      severity: "warning",
      summary: `Only {{ $value }} of ${network.rpcNodes.replicas} RPC nodes are with the chain and have a proxy before them: the others are away, or have far to catch up.`,
      expr: `(${inStep}) < ${network.rpcNodes.replicas} or ${proxies} < ${network.rpcNodes.replicas}`,
      for: "30m",
    },
  ];
}
