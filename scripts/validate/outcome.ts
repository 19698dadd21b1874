import type { Requirement } from "../rules/rule.ts";
import type { ReportedFinding } from "./reported-finding.ts";

/** What a step looked at, in a few words, and what it found. */
export interface StepResult {
  summary: string;
  findings: ReportedFinding[];
}

/** A step that was done: its result, what it requires, and how long it took. */
export interface Outcome extends StepResult {
  name: string;
  seconds: number;
  requirements: readonly Requirement[];
}
