import { destinationId, ownCluster } from "./destination.ts";
import type { Network } from "./schema.ts";

/** What a network's cluster is known by: GKE's names for it; otherwise what Argo CD calls it. */
export function clusterOf({ gke, argocd }: Pick<Network, "gke" | "argocd">): string {
  if (gke) return `gke:${gke.project}/${gke.region}/${gke.cluster}`;
  return argocd ? destinationId(argocd) : ownCluster;
}
