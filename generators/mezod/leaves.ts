import { isTable, type Settings } from "./settings.ts";

/** The values of a table that are no tables themselves, each with its path. */
export const leaves = (table: Settings, above: readonly string[] = []): [path: string[], value: unknown][] =>
  Object.entries(table).flatMap(([key, value]): [string[], unknown][] =>
    isTable(value) ? leaves(value, [...above, key]) : [[[...above, key], value]],
  );
