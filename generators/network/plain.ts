import { inspect } from "node:util";
import type { Problem } from "./problem.ts";

// Far deeper than any declaration, and far from the depth at which a recursion fails.
const deepest = 32;

/**
 * What a value holds that JSON can't say, such as a Date, a function or NaN, and keys that JavaScript gives a meaning of
 * its own. A schema would drop such a thing without a word, or fail on it.
 */
export function* plainProblems(value: unknown, path: readonly PropertyKey[] = []): Iterable<Problem> {
  const refuse = (message: string): Problem => ({ path, value: undefined, message });
  if (value === null || ["string", "boolean", "undefined"].includes(typeof value) || Number.isFinite(value)) return;
  if (typeof value !== "object" || !isPlain(value)) {
    yield refuse(`${shown(value)} must be text, a finite number, true, false, null, a list or a plain object`);
  } else if (path.length >= deepest) {
    yield refuse(`is nested more than ${deepest} levels deep`);
  } else {
    if (Array.isArray(value)) yield* holes(value, path);
    for (const key of Reflect.ownKeys(value)) {
      if (!(Array.isArray(value) && key === "length")) yield* entryProblems(value, key, path);
    }
  }
}

function* entryProblems(holder: object, key: string | symbol, path: readonly PropertyKey[]): Iterable<Problem> {
  const isIndex = Array.isArray(holder) && /^\d+$/.test(String(key));
  const at = [...path, isIndex ? Number(key) : key];
  const { value, get, set, enumerable } = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
  const refuse = (message: string): Problem => ({ path: at, value: undefined, message });
  if (typeof key === "symbol" || (Array.isArray(holder) && !isIndex)) yield refuse("must have text as its key");
  else if (key in Object.prototype || key === "prototype") yield refuse("is a key that JavaScript reserves; remove it");
  else if (get || set) yield refuse("must be a value, not a getter");
  else if (!enumerable) yield refuse("must be an enumerable property");
  else yield* plainProblems(value, at);
}

function* holes(list: readonly unknown[], path: readonly PropertyKey[]): Iterable<Problem> {
  const filled = Object.keys(list).length;
  const hole = list.length > filled ? list.findIndex((_, i) => !Object.hasOwn(list, i)) : list.indexOf(undefined);
  if (hole >= 0) yield { path: [...path, hole], value: undefined, message: "is undefined; a list has no gaps" };
}

/** Whether a value is a list or an object as a literal makes it, not an instance of another class. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === (Array.isArray(value) ? Array.prototype : Object.prototype);
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, compact: true });
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}
