import type { Network } from "generators/network/schema.ts";
import type { Expected } from "./expected.ts";

/** The name of the PriorityClass of a network's validators. */
export const priorityClassName = ({ app, name }: Network) => `${app}-${name}-validator`;

/** The one PriorityClass. Nothing deletes it: without it the API server refuses every new pod of a validator. */
export function priorityClasses(network: Network): Expected[] {
  const name = priorityClassName(network);
  const shape = {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" } },
    description: `Validators of ${network.chain.id}: two thirds of them must run for the chain to go on.`,
    value: 1_000_000,
  };
  return [{ kind: "PriorityClass", name, shape }];
}
