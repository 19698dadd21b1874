import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { nodeLabels } from "../network/names.ts";
import { tolerated } from "../network/rollout.ts";
import type { BaseNetwork, Network } from "../network/schema.ts";
import { down } from "../network/validators.ts";
import type { Files } from "../tree.ts";
import { kustomization, type Patch } from "./kustomization.ts";
import { defaultDeny, nodePolicy } from "./network-policies.ts";

/** base/<app>-shared: what the validators have in common. */
export const sharedBase = (network: BaseNetwork, sidecarPort: number): Files => ({
  "kustomization.yaml": kustomization({
    resources: ["networkpolicy-default-deny.yaml", "networkpolicy-node.yaml", "poddisruptionbudget.yaml"],
  }),
  "networkpolicy-default-deny.yaml": defaultDeny(network),
  "networkpolicy-node.yaml": nodePolicy(network, sidecarPort),
  "poddisruptionbudget.yaml": disruptionBudget(network),
});

/** One validator at a time: of five with equal power one may be down, and a drain waits until it is back. */
const disruptionBudget = (network: BaseNetwork): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: `${network.app}-node` },
  spec: {
    maxUnavailable: 1,
    // A pod that is not ready counts as down already. Without this a broken one keeps its machine from ever being drained.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: nodeLabels(network) },
  },
});

/** The budget while validators are paused or in maintenance: each of them is down already, and a drain must not add one too many. */
export const ownDisruptionBudget = (network: Network): Patch<PodDisruptionBudget> => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: `${network.app}-node` },
  spec: { maxUnavailable: tolerated(network.validators.length) > down(network).length ? 1 : 0 },
});
