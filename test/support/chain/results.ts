import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "tools/cluster/location.ts";

const file = ({ folder }: Place) => join(folder, "results");

/** Notes what a test measured, for the table at the end. */
export const note = (place: Place, what: string, value: string) => appendFileSync(file(place), `${what}\t${value}\n`);

/** Everything that was noted, a line each. */
export function resultsTable(place: Place): string {
  if (!existsSync(file(place))) return "";
  const rows = readFileSync(file(place), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const width = Math.max(...rows.map(([what = ""]) => what.length));
  return ["", ...rows.map(([what = "", value]) => `${what.padEnd(width)}  ${value}`), ""].join("\n");
}
