import type { Manifest } from "../objects/manifests.ts";

// The plurals that are not the kind with an s.
const plurals: Record<string, string> = {
  Ingress: "ingresses",
  NetworkPolicy: "networkpolicies",
  PriorityClass: "priorityclasses",
  Rules: "rules",
  StorageClass: "storageclasses",
  VolumeSnapshotClass: "volumesnapshotclasses",
};

/** An object's path in the API. */
export function pathOf({ apiVersion, kind, metadata: { name, namespace } }: Manifest): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  return `${group}${namespace ? `/namespaces/${namespace}` : ""}/${plural}/${name}`;
}
