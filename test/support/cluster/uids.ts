import type { Kube } from "tools/cluster/kubernetes/client.ts";

/** The uids of a kind's objects in a namespace, by name; without the pods of gates, which run anew in every sync. */
export async function uidsOf(
  kube: Kube,
  apiVersion: string,
  kind: string,
  namespace: string,
): Promise<Record<string, string>> {
  const objects = await kube.list(apiVersion, kind, namespace);
  return Object.fromEntries(
    objects
      .filter(({ metadata }) => metadata.labels?.type !== "gate")
      .map(({ metadata }) => [metadata.name, metadata.uid] as const)
      .sort(),
  );
}
