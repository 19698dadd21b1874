import { chalk } from "zx/core";
import type { Level, Verdict } from "./verdict.ts";
import { wrap } from "./wrap.ts";

/** The width of a screen that every terminal has. */
export const columns = 80;

// chalk knows NO_COLOR, and whether there is a terminal.
const paint: Record<Level, (text: string) => string> = { ok: chalk.green, warning: chalk.yellow, error: chalk.red };
const margin = "warning  ".length;

/** A verdict in lines of 80 columns: its level, what it is about and says, and below that what to do. */
export function formatVerdict({ level, about, says, remedy }: Verdict): string {
  const indent = " ".repeat(margin);
  const paragraphs = [`${about} ${says}`, ...(remedy ? [remedy] : [])];
  const text = paragraphs.map((each) => wrap(each, columns - margin, indent)).join(`\n${indent}`);
  return `${paint[level](level)}${" ".repeat(margin - level.length)}${text}`;
}

/** How many verdicts are of each level, on one line. */
export function formatTally(verdicts: readonly Verdict[]): string {
  const levels: Level[] = ["ok", "warning", "error"];
  return levels.map((level) => `${verdicts.filter((each) => each.level === level).length} ${level}`).join(", ");
}
