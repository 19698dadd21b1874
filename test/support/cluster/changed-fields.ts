import type { KubeObject } from "tools/cluster/kubernetes/client.ts";

// What the API server keeps beside what people write.
const kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];

// Notes of clients and controllers to themselves: what was applied, by which Application, as which revision.
const notes = [
  "argocd.argoproj.io/tracking-id",
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/**
 * The fields in which an object differs from what it was, a path each, items of lists by their names:
 * `spec.template.spec.containers[mezo-node].env[GOMEMLIMIT]`. A field that is added or removed as a whole is one path.
 */
export const changedFields = (was: KubeObject, is: KubeObject): string[] =>
  differences(written(was), written(is), "").sort();

/** What people write of an object. Each label and annotation is a field by itself. */
function written({ status: _, metadata, ...rest }: KubeObject): KubeObject {
  const { labels = {}, annotations = {}, ...others } = metadata;
  return { ...rest, metadata: { ...without(others, kept), labels, annotations: without(annotations, notes) } };
}

const without = (object: KubeObject, names: readonly string[]): KubeObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

function differences(was: KubeObject, is: KubeObject, path: string): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (!isObject(was) || !isObject(is)) return [path];
  const [one, other] = [named(was), named(is)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const at = (name: string) => (Array.isArray(was) ? `${path}[${name}]` : [path, name].filter(Boolean).join("."));
  return names.flatMap((name) => differences(one[name], other[name], at(name)));
}

/** An object as it is; a list by what tells its items apart, or by their places where nothing does. */
const named = (value: KubeObject): Record<string, KubeObject> =>
  Array.isArray(value)
    ? Object.fromEntries(value.map((item, place) => [item?.mountPath ?? item?.name ?? item?.key ?? place, item]))
    : value;

const isObject = (value: unknown) => typeof value === "object" && value !== null;
