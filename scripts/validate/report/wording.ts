import { isError, type ReportedFinding } from "../reported-finding.ts";

/** A finding in one line, with its reason and remedy, or with its excuse. */
export const sentence = (finding: ReportedFinding) =>
  `${placeOf(finding)}${finding.message}. ${finding.excuse ? `Excused: ${finding.excuse}` : `${finding.why} ${finding.fix}`}`;

/** Overlay, object and field, as far as there are any, with a colon. */
export function placeOf({ overlay, object, field }: ReportedFinding): string {
  const place = [overlay, object, field].filter(Boolean).join(" ");
  return place && `${place}: `;
}

/** "valid" or "not valid", and how much was found: "not valid, 2 errors, 1 exception". */
export function verdict(findings: readonly ReportedFinding[]): string {
  const errors = findings.filter(isError).length;
  const excuses = findings.filter(({ excuse }) => excuse).length;
  const counts = [
    [errors, "error"],
    [findings.length - errors - excuses, "warning"],
    [excuses, "exception"],
  ] as const;
  const said = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`);
  return [errors > 0 ? "not valid" : "valid", ...said].join(", ");
}
