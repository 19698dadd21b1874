import { keylessLabels, keylessName, keylessSets } from "generators/network/keyless.ts";
import { nodeLabels } from "generators/network/names.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Expected } from "./expected.ts";

/** Every PodDisruptionBudget: that of the validators, and one for each kind of nodes without keys. */
export const budgets = (network: Network): Expected[] => [
  ...budget(network),
  ...keylessSets(network).map(({ kind }) =>
    ofPods(network, keylessName(network, kind), 1, keylessLabels(network, kind)),
  ),
];

/** A drain takes one validator at a time, and none while idle ones are all that the chain tolerates. */
function budget(network: Network): Expected[] {
  const { app, maintenance, paused, validators } = network;
  const name = `${app}-node`;
  const idle = paused.length + maintenance.length;
  const maxUnavailable = idle === 0 || tolerated(validators.length) > idle ? 1 : 0;
  return [ofPods(network, name, maxUnavailable, nodeLabels(network))];
}

const ofPods = (
  { namespace }: Network,
  name: string,
  maxUnavailable: number,
  matchLabels: Record<string, string>,
): Expected => ({
  kind: "PodDisruptionBudget",
  name,
  shape: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    // A broken pod is down already, and must not keep its machine from being drained.
    spec: { maxUnavailable, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels } },
  },
});
