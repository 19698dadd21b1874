import type { Mutation } from "./engine.ts";

/** A mutation, what it would do to the chain, and what catches it: a rule, "schema", or nothing and why that is safe. */
export type Row = Mutation & { harm: string; by: string | { nothing: string } };

/** Mutations of one object. */
export const rowsOf = (object: string, rows: [field: string, value: unknown, harm: string, by: Row["by"]][]): Row[] =>
  rows.map(([field, value, harm, by]) => ({ object, field, value, harm, by }));
