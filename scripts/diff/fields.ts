import { isDeepStrictEqual } from "node:util";

/** A field in which two values differ: what it was and is, undefined where there was or is none. */
export interface FieldChange {
  path: string;
  was?: unknown;
  is?: unknown;
  /** The lines that go ("-…") and come ("+…"), where the field is a text. */
  lines?: readonly string[];
  /** What is said instead of values that nobody may see, or needs to. */
  note?: string;
}

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The fields in which two values differ, down to the first that has no fields. Items of a list are told apart as Kubernetes
 * does, by their names or paths: `spec.template.spec.containers[mezo-node].image`. A list whose order alone differs is a
 * change, too: Kubernetes starts another pod for it.
 */
// Libraries for it compare lists place by place, or by a key and then without their order.
export function fieldChanges(was: unknown, is: unknown, path = ""): FieldChange[] {
  if (isDeepStrictEqual(was, is)) return [];
  if (Array.isArray(was) && Array.isArray(is)) return listChanges(was, is, path);
  if (!isMapping(was) || !isMapping(is)) return [{ path, was, is }];
  return union(was, is).flatMap((name) => fieldChanges(was[name], is[name], fieldIn(path, name)));
}

/** Every field of a value that is there as a whole, or goes. */
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// Mounts share the names of their volumes, so the path comes first.
const keys = ["mountPath", "name", "containerPort", "key", "host", "alert", "title"] as const;

function listChanges(was: readonly unknown[], is: readonly unknown[], path: string): FieldChange[] {
  const key = keys.find((each) => [was, is].every((list) => isKeyed(list, each)));
  if (key === undefined) return was.every(isMapping) && is.every(isMapping) ? sets(was, is, path) : [{ path, was, is }];
  const [before, now] = [byKey(was, key), byKey(is, key)];
  const changes = union(before, now).flatMap((name) => fieldChanges(before[name], now[name], `${path}[${name}]`));
  return changes.length > 0 ? changes : [{ path, was: Object.keys(before), is: Object.keys(now), note: "order" }];
}

/** The items of a list without names that go, and those that come. */
function sets(was: readonly unknown[], is: readonly unknown[], path: string): FieldChange[] {
  const without = (list: readonly unknown[], others: readonly unknown[]) =>
    list.filter((each) => !others.some((other) => isDeepStrictEqual(each, other)));
  const [gone, come] = [without(was, is), without(is, was)];
  if (gone.length + come.length === 0) return [{ path, was, is, note: "order" }];
  // One for one: what differs in it is all that there is to see.
  if (gone.length === 1 && come.length === 1) return fieldChanges(gone[0], come[0], `${path}[]`);
  return [
    ...gone.map((item) => ({ path: `${path}[]`, was: item })),
    ...come.map((item) => ({ path: `${path}[]`, is: item })),
  ];
}

const isKeyed = (list: readonly unknown[], key: string) => {
  const values = list.map((item) => (isMapping(item) ? item[key] : undefined));
  return values.every((value) => value !== undefined) && new Set(values).size === list.length;
};

// A list may have numbers as keys, whose order an object would change.
const byKey = (list: readonly unknown[], key: string): Mapping =>
  Object.fromEntries(list.map((item) => [` ${(item as Mapping)[key]}`.trim(), item]));

const union = (one: Mapping, other: Mapping) => [...new Set([...Object.keys(one), ...Object.keys(other)])];

const fieldIn = (path: string, name: string) =>
  /^[\w-]+$/.test(name) ? [path, name].filter(Boolean).join(".") : `${path}["${name}"]`;
