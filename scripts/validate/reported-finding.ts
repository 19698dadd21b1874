import { type Finding, stableName } from "../lib/finding.ts";
import type { Requirement } from "../rules/rule.ts";

/** A finding with the requirement that it breaks, as every output tells it. */
export interface ReportedFinding extends Finding, Requirement {
  /** Empty where the finding is about no overlay, or about a file whose path names it. */
  overlay: string;
  /** The same at every run, whatever else changes: for tools that compare two runs. */
  fingerprint: string;
  /** Why the network allows it; then it fails nothing. */
  excuse?: string;
}

/** Findings with what they break. Repeated ones, such as two peers missing from one field, are numbered. */
export function reported(
  { id, why, fix }: Requirement,
  overlay: string,
  findings: Iterable<Finding>,
): ReportedFinding[] {
  const seen = new Map<string, number>();
  return [...findings].map((finding) => {
    const place = [id, overlay, stableName(finding.object), finding.field].filter(Boolean).join("/");
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    return { ...finding, id, why, fix, overlay, fingerprint: count > 1 ? `${place}#${count}` : place };
  });
}

/** How bad it is, once exceptions count. */
export const levelOf = ({ severity, excuse }: ReportedFinding) => (excuse === undefined ? severity : "excused");

/** Whether it makes the command fail. */
export const isError = (finding: ReportedFinding) => levelOf(finding) === "error";
