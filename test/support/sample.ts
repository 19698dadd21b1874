import { execFileSync } from "node:child_process";

// The long tests of the chain, in parts that take about as long.
const ofChain = 8;

/** What the commit decides: another one runs other long tests, and the same one always the same. */
const number = numberOf(process.env.SAMPLE);

function numberOf(sample: string | undefined): number | undefined {
  if (sample === "all") return undefined;
  if (sample) {
    if (/^\d+$/.test(sample)) return Number(sample);
    throw new Error(`SAMPLE=${sample} must be a number or "all"`);
  }
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" });
  return Number.parseInt(commit.slice(0, 8), 16);
}

/** Why a part of long tests, of so many and counted from 0, does not run; undefined where it does. */
export function notInSample(part: number, parts = ofChain): string | undefined {
  if (number === undefined || number % parts === part) return undefined;
  return `part ${part + 1} of ${parts}, and this commit runs part ${(number % parts) + 1}; SAMPLE=all runs all`;
}

/** One of so many rows, which the commit chooses, and the others; all with SAMPLE=all. */
export function sampleOf<Row>(rows: readonly Row[], of: number): { chosen: Row[]; others: Row[] } {
  const isChosen = (place: number) => number === undefined || place % of === number % of;
  return {
    chosen: rows.filter((_, place) => isChosen(place)),
    others: rows.filter((_, place) => !isChosen(place)),
  };
}

/** Why a row of the others does not run, for its name. */
export const notChosen = "(skipped: another commit runs it; SAMPLE=all runs all)";
