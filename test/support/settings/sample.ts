import { createHash } from "node:crypto";

/** Some rows of a table: for a seed always the same. */
export const sampleOf = <T>(rows: readonly T[], count: number, seed: string): T[] =>
  rows
    .map((row) => [digest(`${seed} ${JSON.stringify(row)}`), row] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, row]) => row);

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
