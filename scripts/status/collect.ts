import { claimName } from "generators/components/validator/volumes.ts";
import { keylessDataName, keylessPods, keylessSets, validatorsServe } from "generators/network/keyless.ts";
import type { Network } from "generators/network/schema.ts";
import type { Api } from "../lib/cluster/api.ts";
import { collectArgocd } from "./collect-argocd.ts";
import { collectChain, collectNodes } from "./collect-chain.ts";
import { collectDisks } from "./collect-disks.ts";
import { collectJsonRpc } from "./collect-json-rpc.ts";
import { collectGates, collectKeylessPods, collectPods } from "./collect-pods.ts";
import { collectSnapshots } from "./collect-snapshots.ts";
import type { KeylessFacts, StatusFacts } from "./facts.ts";

/**
 * Asks Kubernetes, Argo CD and the nodes; changes nothing.
 *
 * @throws {OperatorError} when the API server does not answer, or does not show the pods.
 */
export async function collectStatus(network: Network, api: Api): Promise<StatusFacts> {
  const [argocd, pods, gates, keyless, snapshots] = await Promise.all([
    collectArgocd(network, api),
    collectPods(network, api),
    collectGates(network, api),
    collectKeyless(network, api),
    collectSnapshots(network, api),
  ]);
  const answering = validatorsServe(network)
    ? [...pods.values()]
    : keyless.flatMap(({ kind, pod }) => (kind === "rpc-node" && pod ? [pod] : []));
  const [nodes, disks, jsonRpc] = await Promise.all([
    collectNodes(network, api, pods),
    collectDisks(network, api, pods, (index) => claimName(network, index)),
    collectJsonRpc(network, api, answering),
  ]);
  return {
    context: api.config.getCurrentContext(),
    now: Date.now(),
    ...(argocd && { argocd }),
    gates,
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
    keyless,
    chain: await collectChain(network, api, pods, nodes),
    jsonRpc,
    ...(snapshots && { snapshots }),
  };
}

/** The same of RPC nodes and seeds. */
async function collectKeyless(network: Network, api: Api): Promise<KeylessFacts[]> {
  const all = keylessSets(network).map(async (set): Promise<KeylessFacts[]> => {
    const { kind } = set;
    const pods = await collectKeylessPods(network, api, kind);
    const [nodes, disks] = await Promise.all([
      collectNodes(network, api, pods),
      collectDisks(network, api, pods, (name) => `${keylessDataName(network, kind)}-${name}`),
    ]);
    const unknown = { unknown: "it has no pod" };
    return keylessPods(network, set).map((name) => {
      const pod = pods.get(name);
      const [node = unknown, disk = unknown] = [nodes.get(name), disks.get(name)];
      return { name, kind, ...(pod && { pod }), node, disk };
    });
  });
  return (await Promise.all(all)).flat();
}
