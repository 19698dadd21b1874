import { nodeLabels } from "generators/network/names.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Expected } from "./expected.ts";

/** The one PodDisruptionBudget: a drain takes one validator at a time, and none while idle ones are all that the chain tolerates. */
export function budget(network: Network): Expected[] {
  const { app, namespace, maintenance, paused, validators } = network;
  const name = `${app}-node`;
  const idle = paused.length + maintenance.length;
  const maxUnavailable = idle === 0 || tolerated(validators.length) > idle ? 1 : 0;
  const shape = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    // A broken pod is down already, and must not keep its machine from being drained.
    spec: { maxUnavailable, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: nodeLabels(network) } },
  };
  return [{ kind: "PodDisruptionBudget", name, shape }];
}
