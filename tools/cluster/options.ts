import type { ClusterLocation } from "./location.ts";

/** What kind of cluster to start. */
export interface ClusterOptions {
  /** Whether a real node runs the pods. Without it, containers do not run. */
  hasNode?: boolean;
  /** Whether a network is deployed: the one that `network` names, or `local`. */
  deploysLocal?: boolean;
  network?: string;
  /** Whether the artifacts of the network, with its plain keys, and the clone that was pushed stay in the cluster's folder. */
  keepsArtifacts?: boolean;
  /** The file in which the cluster is noted for other commands. */
  stateFile?: string;
}

/** What the cluster's process is told. */
export interface ClusterRequest extends ClusterOptions {
  location: ClusterLocation;
}
