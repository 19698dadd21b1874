import { labelSelector } from "generators/label-selector.ts";
import type { Network } from "generators/network/schema.ts";
import { madeSnapshotLabels, snapshotVolumes } from "generators/network/snapshots.ts";
import { type Api, type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import type { SnapshotFacts } from "./facts.ts";

/** The newest snapshot of each volume that can be used; undefined where nobody makes any. */
export async function collectSnapshots(network: Network, api: Api): Promise<Fact<SnapshotFacts[]> | undefined> {
  if (!network.snapshots) return undefined;
  const selector = labelSelector(madeSnapshotLabels(network));
  const path = `/apis/snapshot.storage.k8s.io/v1/namespaces/${network.namespace}/volumesnapshots`;
  return factOf(
    api.request(path, { query: { labelSelector: selector } }).then(({ items }) => snapshotFacts(network, items)),
  );
}

/** The API server's list as facts: of each volume the newest that can be used. */
export const snapshotFacts = (network: Network, items: readonly KubeObject[]): SnapshotFacts[] =>
  snapshotVolumes(network).map(({ pod }) => {
    const times = items
      .filter(({ metadata, status }) => metadata.labels?.pod === pod && status?.readyToUse === true)
      .map(({ metadata, status }) => Date.parse(status.creationTime ?? metadata.creationTimestamp));
    return { pod, ...(times.length > 0 && { newest: Math.max(...times) }) };
  });
