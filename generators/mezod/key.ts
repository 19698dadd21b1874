import type { Kind } from "./kinds.ts";

/** A key of one of the node's files: what it may be, and who may change it. */
export type Key = {
  /** What the node reads, and calls right. Nothing excuses any other value. */
  kind: Kind;
} & Change;

type Change =
  /** Anybody, to any value of its kind. */
  | { change: "free" }
  /** Anybody within bounds; beyond them with an exception's reason. */
  | { change: "bounded"; within: Kind; because: string }
  /** Whoever has an exception's reason. */
  | { change: "reasoned"; because: string }
  /** Nobody. */
  | { change: "fixed"; because: string }
  /** Whoever changes what it follows from. */
  | { change: "derived" };

export const free = (kind: Kind): Key => ({ kind, change: "free" });
export const derived = (kind: Kind): Key => ({ kind, change: "derived" });

/** @param because what goes wrong beyond the bounds. */
export const bounded = (kind: Kind, within: Kind, because: string): Key => ({
  kind,
  change: "bounded",
  within,
  because,
});

/** @param because what goes wrong with another value than the project's own. */
export const reasoned = (kind: Kind, because: string): Key => ({ kind, change: "reasoned", because });

/** @param because what goes wrong with another value than the project's own. */
export const fixed = (kind: Kind, because: string): Key => ({ kind, change: "fixed", because });
