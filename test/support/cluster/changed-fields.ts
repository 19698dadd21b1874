import type { KubeObject } from "tools/cluster/kubernetes/client.ts";

// What the API server keeps beside what people write.
const kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];

/**
 * The fields in which an object differs from what it was, a path each, items of lists by their names:
 * `spec.template.spec.containers[mezo-node].env[GOMEMLIMIT]`. A field that is added or removed as a whole is one path.
 */
export const changedFields = (was: KubeObject, is: KubeObject): string[] =>
  differences(withoutStatus(was), withoutStatus(is), "");

function withoutStatus({ status: _, metadata, ...rest }: KubeObject): KubeObject {
  return { ...rest, metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !kept.includes(name))) };
}

function differences(was: KubeObject, is: KubeObject, path: string): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (!isObject(was) || !isObject(is)) return [path];
  const [one, other] = [named(was), named(is)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const at = (name: string) => (Array.isArray(was) ? `${path}[${name}]` : [path, name].filter(Boolean).join("."));
  return names.flatMap((name) => differences(one[name], other[name], at(name)));
}

/** An object as it is; a list by the names of its items, or by their places where they have none. */
const named = (value: KubeObject): Record<string, KubeObject> =>
  Array.isArray(value)
    ? Object.fromEntries(value.map((item, place) => [item?.name ?? item?.key ?? item?.mountPath ?? place, item]))
    : value;

const isObject = (value: unknown) => typeof value === "object" && value !== null;
