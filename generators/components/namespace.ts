import type { Namespace } from "kubernetes-types/core/v1.js";
import type { Network } from "../network/schema.ts";

/**
 * Whether the network's overlay brings its own namespace: any but `default`, which every cluster has, and that of
 * objects that ran before. Others live there too, and the restricted standard would refuse their pods.
 */
export const ownsNamespace = ({ namespace, lifecycle }: Pick<Network, "namespace" | "lifecycle">) =>
  namespace !== "default" && lifecycle !== "adopted";

/** The network's namespace. Its API server refuses every pod that asks for more than the restricted standard allows. */
export const namespace = ({ namespace }: Network): Namespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: namespace,
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
  },
});
