import type { PriorityClass } from "kubernetes-types/scheduling/v1.js";
import type { Network } from "../network/schema.ts";

/** The name of the PriorityClass of a network's validators: mezo-staging-validator. Names are the whole cluster's. */
export const priorityClassName = ({ app, name }: Network) => `${app}-${name}-validator`;

/**
 * Puts validators before what runs beside them: where a machine is full, other pods make room. It is cluster-scoped and
 * comes with the network, because the API server refuses every pod whose class is missing; so nothing ever deletes it.
 */
export const priorityClass = (network: Network): PriorityClass => ({
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: {
    name: priorityClassName(network),
    annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
  },
  description: `Validators of ${network.chain.id}: two thirds of them must run for the chain to go on.`,
  // Pods without a class have 0. What is above a thousand million is the system's own.
  value: 1_000_000,
});
