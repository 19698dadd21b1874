import type { Network } from "generators/network/schema.ts";
import { type Api, type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import type { PodFacts, ValidatorFacts } from "./facts.ts";

type Disk = ValidatorFacts["disk"];

/** How full the volumes of pods are, by what the pods are known by, as the kubelets of their machines measure it. */
export async function collectDisks<Key>(
  network: Network,
  api: Api,
  pods: ReadonlyMap<Key, PodFacts>,
  claimOf: (key: Key) => string,
): Promise<Map<Key, Disk>> {
  const machines = new Set([...pods.values()].flatMap(({ machine }) => machine ?? []));
  const asking = [...machines].map(
    async (machine) => [machine, await factOf(api.request(`/api/v1/nodes/${machine}/proxy/stats/summary`))] as const,
  );
  const summaries = new Map(await Promise.all(asking));
  return new Map([...pods].map(([key, pod]) => [key, diskOf(network, claimOf(key), summaries.get(pod.machine ?? ""))]));
}

function diskOf(network: Network, claim: string, summary: Fact<KubeObject> | undefined): Disk {
  if (!summary) return { unknown: "its pod is on no machine" };
  if ("unknown" in summary) return summary;
  const volumes = (summary.value.pods ?? []).flatMap(({ volume = [] }: KubeObject) => volume);
  const isOwn = ({ pvcRef }: KubeObject) => pvcRef?.namespace === network.namespace && pvcRef?.name === claim;
  const found = volumes.find(isOwn);
  // A kubelet measures once a minute.
  if (!found?.capacityBytes) return { unknown: "its machine has not measured it yet" };
  return { value: { used: found.capacityBytes - found.availableBytes, capacity: found.capacityBytes } };
}
