import { type Problem, valueAt } from "../network/problem.ts";
import type { Network } from "../network/schema.ts";
import type { Key } from "./key.ts";
import type { TomlTable, TomlValue } from "./toml.ts";
import { compareVersions } from "./version.ts";

/** One of the node's configuration files. */
export interface TomlFile {
  /**
   * Every key in the node's own order. The values are the live network's, except where a comment says why not and
   * test/generators/mezod/toml.test.ts lists them.
   */
  values: TomlTable;
  /** The keys whose values come from the network, by their path: "rpc.laddr". */
  derived: Record<string, Derived>;
  /** What each key may be, and who may change it, by its path. */
  keys: Record<string, Key>;
}

export interface Derived {
  /** The field of the network to change instead. A key without one may be set. */
  field?: string;
  value: (network: Network) => TomlValue;
}

/** Settings as a network declares them, over the values of one file. */
export type Settings = Record<string, unknown>;

/** A file's values for a network: what follows from the network and what its settings say, laid over the defaults. */
export function settled({ values, derived }: TomlFile, network: Network, settings: Settings): TomlTable {
  const table = structuredClone(values);
  for (const [path, { value }] of Object.entries(derived)) setAt(table, path.split("."), value(network));
  return withSettings(table, settings);
}

/** A table with settings laid over it. The order of the table's keys stays. */
export function withSettings(table: TomlTable, settings: Settings): TomlTable {
  const merged = Object.entries(table).map(([key, current]) => {
    const value = settings[key];
    if (value === undefined) return [key, current];
    return [key, isTable(current) ? withSettings(current, value as Settings) : value];
  });
  return Object.fromEntries(merged) as TomlTable;
}

/** A table with further keys, at its end or at the end of the table that they are in. */
export function withExtra(table: TomlTable, extra: Settings): TomlTable {
  const merged = { ...table };
  for (const [key, value] of Object.entries(extra)) {
    const current = merged[key];
    merged[key] = isTable(current) && isTable(value) ? withExtra(current, value) : (value as TomlValue);
  }
  return merged;
}

/** Who reads a file, and what it does not know. */
export interface Reader {
  /** The release that reads the file. */
  release: string;
  /** The keys that this release does not know, each with the first that does. */
  later: ReadonlyMap<string, string>;
  /** The release that a planned upgrade brings. */
  next?: string | undefined;
}

/** Why a key that came with a release can't be set for an older one. */
export function notYet(since: string, { release, next }: Omit<Reader, "later">): string {
  const after = next !== undefined && compareVersions(since, next) <= 0;
  const when = after ? `: set it once the upgrade to ${next} is finished` : "";
  return `is a setting since ${since}, and ${release} does not read it${when}`;
}

/** The problems of a network's settings for one file, with paths from the settings' root. */
export function* settingProblems(
  { values, derived, keys }: TomlFile,
  settings: Settings,
  { later, ...reader }: Reader,
): Iterable<Problem> {
  const odd = [...unknownOrMistyped(values, settings, "setting")];
  for (const problem of odd) {
    const since = isUnknown(problem) && sinceOf(problem.path.join("."), later);
    yield since ? { ...problem, message: notYet(since, reader) } : problem;
  }
  const isOdd = (key: string) =>
    odd.some(({ path }) => isAtOrBelow(key, path.join(".")) || isAtOrBelow(path.join("."), key));
  for (const [key, { kind, ...change }] of Object.entries(keys)) {
    const path = key.split(".");
    const value = valueAt(settings, path);
    if (value === undefined || isOdd(key)) continue;
    const field = derived[key]?.field;
    const only = valueAt(values, path);
    if (field !== undefined) yield { path, value, message: `follows from the network; change ${field}` };
    else if (change.change === "fixed" && value !== only) {
      yield { path, value, message: `must stay ${JSON.stringify(only)}: ${change.because}` };
    } else if (!kind.holds(value)) yield { path, value, message: `must be ${kind.expected}` };
  }
}

const isUnknown = ({ message }: Problem) => message.startsWith("unknown");

const sinceOf = (above: string, later: ReadonlyMap<string, string>) =>
  [...later].find(([key]) => isAtOrBelow(key, above))?.[1];

/** Whether a dotted path is another one, or leads on from it. */
export const isAtOrBelow = (path: string, above: string) => path === above || path.startsWith(`${above}.`);

/** The keys that a table does not have, and the values of another type than the table's. `what` names such a key. */
export function* unknownOrMistyped(
  table: Record<string, unknown>,
  settings: Settings,
  what: "setting" | "parameter",
  above: readonly string[] = [],
): Iterable<Problem> {
  for (const [key, value] of Object.entries(settings)) {
    const path = [...above, key];
    const current = Object.hasOwn(table, key) ? table[key] : undefined;
    const example = () => `as in ${key} = ${JSON.stringify(current)}`;
    if (current === undefined) {
      yield { path, value, message: `unknown ${what}; the keys here are ${Object.keys(table).join(", ")}` };
    } else if (typeOf(value) !== typeOf(current)) {
      yield { path, value, message: `must be a ${typeOf(current)}, ${example()}` };
    } else if (typeof value === "number" && !Number.isSafeInteger(value)) {
      yield { path, value, message: `must be a whole number, ${example()}` };
    } else if (Array.isArray(current)) {
      yield* mistypedElements(current, value as unknown[], path);
    } else if (isTable(current)) {
      yield* unknownOrMistyped(current, value as Settings, what, path);
    }
  }
}

/** The elements of a list, at any depth, that are null or of another type than the default's. */
function* mistypedElements(
  current: readonly unknown[],
  list: readonly unknown[],
  above: readonly PropertyKey[],
): Iterable<Problem> {
  const [example] = current;
  for (const [i, value] of list.entries()) {
    const path = [...above, i];
    if (example !== undefined && typeOf(value) !== typeOf(example)) {
      yield { path, value, message: `must be a ${typeOf(example)}, as in ${JSON.stringify(current)}` };
    } else yield* nulls(value, path);
  }
}

/** TOML has no null. */
export function* nulls(value: unknown, path: readonly PropertyKey[]): Iterable<Problem> {
  if (value === null) yield { path, value, message: "must not be null" };
  else if (Array.isArray(value)) for (const [i, each] of value.entries()) yield* nulls(each, [...path, i]);
  else if (isTable(value)) for (const [key, each] of Object.entries(value)) yield* nulls(each, [...path, key]);
}

/** Puts a value at a path of a table; tables on the way are made where they are missing. */
export function setAt(table: TomlTable, [key = "", ...rest]: string[], value: TomlValue): void {
  if (rest.length === 0) table[key] = value;
  else {
    table[key] ??= {};
    setAt(table[key] as TomlTable, rest, value);
  }
}

export const isTable = (value: unknown): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeOf = (value: unknown) => (Array.isArray(value) ? "list" : isTable(value) ? "table" : typeof value);
