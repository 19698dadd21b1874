import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterLocation } from "tools/cluster/location.ts";

const file = ({ folder }: ClusterLocation) => join(folder, "results");

/** Records what a test measured, for the table at the end. */
export const recordResult = (location: ClusterLocation, what: string, value: string) =>
  appendFileSync(file(location), `${what}\t${value}\n`);

/** Everything that was recorded, a line each. */
export function resultsTable(location: ClusterLocation): string {
  if (!existsSync(file(location))) return "";
  const rows = readFileSync(file(location), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const width = Math.max(...rows.map(([what = ""]) => what.length));
  return ["", ...rows.map(([what = "", value]) => `${what.padEnd(width)}  ${value}`), ""].join("\n");
}
