import type { KubeObject } from "../lib/cluster/api.ts";

/**
 * The paths of the fields in which two values differ, items of lists by what tells them apart. A field that one of them
 * lacks is one path.
 */
export function differences(was: KubeObject, is: KubeObject, path = ""): string[] {
  if (same(was, is)) return [];
  if (!isObject(was) || !isObject(is) || Array.isArray(was) !== Array.isArray(is)) return [path];
  const [one, other] = [named(was), named(is)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const at = (name: string) => (Array.isArray(was) ? `${path}[${name}]` : [path, name].filter(Boolean).join("."));
  return names.flatMap((name) => differences(one[name], other[name], at(name)));
}

const isObject = (value: KubeObject): boolean => typeof value === "object" && value !== null;

/** Equal, in whatever order the fields stand. */
function same(one: KubeObject, other: KubeObject): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Array.isArray(one) === Array.isArray(other) && [...names].every((name) => same(one[name], other[name]));
}

const named = (value: KubeObject): Record<string, KubeObject> =>
  Array.isArray(value)
    ? Object.fromEntries(value.map((item, place) => [item?.mountPath ?? item?.name ?? item?.key ?? place, item]))
    : value;

// What the API server and controllers keep, beside what people write.
const kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid", "selfLink"];
const notes = ["argocd.argoproj.io/tracking-id", "kubectl.kubernetes.io/last-applied-configuration"];

/** What people write of an object. */
export function written({ status: _, metadata = {}, ...rest }: KubeObject): KubeObject {
  const { annotations = {}, labels = {}, ...others } = metadata;
  return { ...rest, metadata: { ...without(others, kept), labels, annotations: without(annotations, notes) } };
}

const without = (object: KubeObject, names: readonly string[]): KubeObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
