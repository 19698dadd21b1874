import type { Network } from "generators/network/schema.ts";
import type { Api } from "../lib/cluster/api.ts";
import { collectArgocd } from "./collect-argocd.ts";
import { collectChain, collectNodes } from "./collect-chain.ts";
import { collectDisks } from "./collect-disks.ts";
import { collectJsonRpc } from "./collect-json-rpc.ts";
import { collectPods } from "./collect-pods.ts";
import type { StatusFacts } from "./facts.ts";

/**
 * Asks Kubernetes, Argo CD and the nodes; changes nothing.
 *
 * @throws {OperatorError} when the API server does not answer, or does not show the pods.
 */
export async function collectStatus(network: Network, api: Api): Promise<StatusFacts> {
  const [argocd, pods] = await Promise.all([collectArgocd(network, api), collectPods(network, api)]);
  const [nodes, disks, jsonRpc] = await Promise.all([
    collectNodes(network, api, pods),
    collectDisks(network, api, pods),
    collectJsonRpc(network, api, pods),
  ]);
  return {
    context: api.config.getCurrentContext(),
    now: Date.now(),
    ...(argocd && { argocd }),
    validators: network.validators.map(({ index }) => {
      const pod = pods.get(index);
      const unknown = { unknown: "it has no pod" };
      return {
        index,
        ...(pod && { pod }),
        node: nodes.get(index) ?? unknown,
        disk: disks.get(index) ?? unknown,
      };
    }),
    chain: await collectChain(network, api, pods, nodes),
    jsonRpc,
  };
}
