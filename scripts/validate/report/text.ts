import { chalk } from "zx/core";
import { rules } from "../../rules/index.ts";
import { exceptionFor } from "../exceptions.ts";
import type { Outcome } from "../outcome.ts";
import { isError, levelOf, type ReportedFinding } from "../reported-finding.ts";
import type { Report } from "./report.ts";
import { placeOf, verdict } from "./wording.ts";

/** For people: a line for each step, what it found below it, and the verdict at the end. */
export const text: Report = (outcomes) =>
  [...outcomes.map(stepText), verdict(outcomes.flatMap(({ findings }) => findings))].join("\n");

function stepText({ name, summary, seconds, findings }: Outcome): string {
  const mark = findings.some(isError) ? chalk.red("✗") : findings.length > 0 ? chalk.yellow("!") : chalk.green("✓");
  // The reason and the remedy are those of a requirement: they are said once for all that breaks it.
  const groups = Map.groupBy(findings, ({ id, excuse }) => `${id} ${excuse ?? ""}`);
  return [
    `${mark} ${name.padEnd(20)} ${summary}, ${seconds.toFixed(1)} s`,
    ...[...groups.values()].flatMap(groupLines),
  ].join("\n");
}

function groupLines(findings: readonly ReportedFinding[]): string[] {
  const [{ id, why, fix, excuse } = {} as ReportedFinding] = findings;
  const lines = findings.map((finding) => `    ${level(finding)} ${placeOf(finding)}${finding.message}`);
  const reason = excuse ? [`because: ${excuse} [${id}]`] : [`why: ${why} [${id}]`, `fix: ${fix}`];
  const allowed = isRule(id) && !excuse ? findings.flatMap((finding) => exceptionFor(finding) ?? []) : [];
  const allow = allowed.map((exception) => `to allow it, with a reason: exceptions: [${exception}]`);
  return [...lines, ...[...reason, ...new Set(allow)].map((line) => chalk.dim(`      ${line}`))];
}

const isRule = (id: string) => rules.some((rule) => rule.id === id);

const level = (finding: ReportedFinding) => (isError(finding) ? chalk.red : chalk.yellow)(levelOf(finding));
