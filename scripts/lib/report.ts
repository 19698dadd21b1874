import { OperatorError } from "generators/operator-error.ts";
import { chalk } from "zx/core";
import { type Finding, formatFinding } from "./finding.ts";

/** Says something that the operator should know and that stops nothing. */
export function warn(message: string): void {
  console.warn(`${chalk.yellow("warning")} ${message}`);
}

/** Prints findings, a line each. */
export function printFindings(findings: readonly Finding[]): void {
  for (const finding of findings) {
    const paint = finding.severity === "error" ? chalk.red : chalk.yellow;
    console.log(`${paint(finding.severity)} ${formatFinding(finding)}`);
  }
}

/**
 * Stops a command that has findings.
 *
 * @param outcome what the command did not do because of them, such as "nothing was sealed".
 * @throws {OperatorError} that lists them, each once.
 */
export function refuseFindings(outcome: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = new Set(findings.map((finding) => `  ${formatFinding(finding)}`));
  throw new OperatorError([outcome, ...lines].join("\n"));
}
