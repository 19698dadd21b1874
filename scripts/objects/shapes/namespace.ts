import type { Network } from "generators/network/schema.ts";
import type { Expected } from "./expected.ts";

/**
 * The namespace of a network that brings its own, and where nobody lived before: it refuses pods beyond the restricted
 * standard, and nothing deletes it.
 */
export function namespaces(network: Network): Expected[] {
  if (network.namespace === "default" || network.lifecycle === "adopted") return [];
  const shape = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: network.namespace,
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
    },
  };
  return [{ kind: "Namespace", name: network.namespace, shape }];
}
