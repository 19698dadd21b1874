import { chalk } from "zx/core";
import { isError, levelOf, type Problem } from "../problem.ts";
import type { Outcome } from "../steps.ts";

/** A step for people: a line that says how it went, and below it what it found, by kind. */
export function stepText({ name, summary, seconds, problems }: Outcome): string {
  const mark = problems.some(isError) ? chalk.red("✗") : problems.length > 0 ? chalk.yellow("!") : chalk.green("✓");
  const byKind = Map.groupBy(problems, ({ id, excuse }) => `${id} ${excuse ?? ""}`);
  return [
    `${mark} ${name.padEnd(20)} ${summary}, ${seconds.toFixed(1)} s`,
    ...[...byKind.values()].flatMap(kindLines),
  ].join("\n");
}

function kindLines(problems: readonly Problem[]): string[] {
  const [{ id, why, fix, excuse } = {} as Problem] = problems;
  const lines = problems.map((problem) => `    ${level(problem)} ${placeOf(problem)}${problem.message}`);
  const reason = excuse ? [`because: ${excuse} [${id}]`] : [`why: ${why} [${id}]`, `fix: ${fix}`];
  return [...lines, ...reason.map((line) => chalk.dim(`      ${line}`))];
}

const level = (problem: Problem) => (isError(problem) ? chalk.red : chalk.yellow)(levelOf(problem));

/** Overlay, object and field, as far as there are any, with a colon. */
export function placeOf({ overlay, object, field }: Problem): string {
  const place = [overlay, object, field].filter(Boolean).join(" ");
  return place && `${place}: `;
}

/** "valid", or how much there is of what. */
export function verdict(problems: readonly Problem[]): string {
  const errors = problems.filter(isError).length;
  const excuses = problems.filter(({ excuse }) => excuse).length;
  const counts = [
    [errors, "error"],
    [problems.length - errors - excuses, "warning"],
    [excuses, "exception"],
  ] as const;
  const said = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`);
  return [errors > 0 ? "not valid" : "valid", ...said].join(", ");
}
