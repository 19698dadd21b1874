import type { Timing } from "./statistics.ts";
import type { Judged, Timings } from "./targets.ts";

/** A Markdown table, its columns aligned: the first to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [head, rule, ...rows].map(line).join("\n");
}

/** The times of all commands, each with its ratio to the row of the same size that `gen` has. */
export function timesTable(timings: Timings): string {
  const rows = [...timings].map(([name, { minimum, median }]) => {
    const gen = timings.get(`gen, ${/\d+$/.exec(name)?.[0]}`);
    return [name, whole(minimum), whole(median), ratio(minimum, gen?.minimum), ratio(median, gen?.median)];
  });
  return table(["command, validators", "min ms", "median ms", "min to gen", "median to gen"], rows);
}

/** The targets, and whether they are met. */
export function targetsTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ text, atMost, unit, minimum, median, verdict }) => {
    const shown = (value: number) => (unit === "ms" ? `${whole(value)} ms` : value.toFixed(2));
    return [text, shown(atMost), shown(minimum), shown(median), verdict];
  });
  return table(["target", "at most", "by minima", "by medians", ""], rows);
}

const whole = (milliseconds: Timing["minimum"]) => milliseconds.toFixed(0);
const ratio = (value: number, to: number | undefined) => (to === undefined ? "" : (value / to).toFixed(2));
