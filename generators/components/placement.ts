import { clusterOf } from "../network/cluster.ts";
import { destinationId } from "../network/destination.ts";
import { nodeName } from "../network/names.ts";
import type { Network } from "../network/schema.ts";
import { isPaused } from "../network/validators.ts";
import { claimName } from "./validator/volumes.ts";

/** Where one consensus key signs. */
export interface KeyPlace {
  index: number;
  statefulSet: string;
  volumeClaim: string;
  /** Whether no pod has the key for now. */
  paused: boolean;
}

/** Where a network's consensus keys sign, by key, and what must never be forgotten about the network. */
export interface Placement {
  network: string;
  app: string;
  chainId: string;
  lifecycle: Network["lifecycle"];
  /** The cluster of GKE; otherwise what Argo CD calls it. */
  cluster: string;
  /** The cluster that Argo CD deploys to, as it calls it; null where it does not deploy the network. */
  destination: string | null;
  /** What Argo CD follows; null where it does not deploy the network. */
  repository: string | null;
  namespace: string;
  /** The indexes of validators that have left. */
  retired: readonly number[];
  keys: Readonly<Record<string, KeyPlace>>;
}

/**
 * overlays/<network>/placement.json: a record for `pnpm validate`, which compares it with that of earlier commits.
 * Nothing of it reaches the cluster.
 */
export function placement(network: Network): Placement {
  const { name, app, chain, lifecycle, argocd, namespace, retired, validators } = network;
  return {
    network: name,
    app,
    chainId: chain.id,
    lifecycle,
    cluster: clusterOf(network),
    destination: argocd ? destinationId(argocd) : null,
    repository: argocd?.repoURL ?? null,
    namespace,
    retired,
    keys: Object.fromEntries(
      validators.map(({ index, consensusPubKey }) => {
        const statefulSet = nodeName(network, index);
        const place = { index, statefulSet, volumeClaim: claimName(network, index), paused: isPaused(network, index) };
        return [consensusPubKey, place];
      }),
    ),
  };
}

/** The record's path, from the repository's root. */
export const placementFile = (network: string) => `overlays/${network}/placement.json`;

/** The record as its file has it. */
export const placementText = (network: Network) => `${JSON.stringify(placement(network), null, 2)}\n`;
