import type { Manifest } from "scripts/objects/manifests.ts";
import type { Any } from "../support/rules/overlay.ts";
import { dangers } from "./dangers.ts";

/** An object with one thing changed, and what was changed. */
export interface Mutant {
  what: string;
  object: Manifest;
}

/** Every mutant of an object: each field removed, each value changed, and each danger added that its kind can have. */
export function* mutants(object: Manifest): Iterable<Mutant> {
  for (const path of paths(object)) {
    const field = path.join(".");
    yield { what: `${field} removed`, object: changed(object, path, undefined) };
    const value = path.reduce((at: Any, key) => at[key], object);
    for (const other of others(value)) {
      yield { what: `${field} = ${JSON.stringify(other)?.slice(0, 60)}`, object: changed(object, path, other) };
    }
  }
  for (const { what, add } of dangers) {
    const copy = structuredClone(object);
    if (add(copy) && JSON.stringify(copy) !== JSON.stringify(object)) yield { what: `with ${what}`, object: copy };
  }
}

type Path = (string | number)[];

/** The path of every field and item. */
function* paths(value: unknown, at: Path = []): Iterable<Path> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    yield path;
    yield* paths(inner, path);
  }
}

/** Other values of the same type, and null. */
function others(value: unknown): unknown[] {
  if (typeof value === "string") return ["", `${value}x`, `x${value}`, null];
  if (typeof value === "number") return [0, value + 1, -value, String(value)];
  if (typeof value === "boolean") return [!value];
  if (Array.isArray(value)) return [[], [...value, ...value], {}].filter((other) => value.length > 0 || other !== null);
  return [{}];
}

/** A copy with another value at a path, or with nothing there. */
function changed(object: Manifest, path: Path, value: unknown): Manifest {
  const copy: Any = structuredClone(object);
  const parent = path.slice(0, -1).reduce((at, key) => at[key], copy);
  const key = path.at(-1) as string | number;
  if (value !== undefined) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}
