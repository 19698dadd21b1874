import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { type Finding, stableName } from "../lib/finding.ts";
import type { ReportedFinding } from "./reported-finding.ts";

type Exception = Network["exceptions"][number];

/** The findings of a network's rules, each with the excuse that the network declares for it, if any. */
export const excused = (
  findings: readonly ReportedFinding[],
  { exceptions }: Pick<Network, "exceptions">,
): ReportedFinding[] =>
  findings.map((finding) => {
    const exception = exceptions.find((each) => covers(each, finding));
    return exception ? { ...finding, excuse: exception.reason } : finding;
  });

/** Exceptions that name no rule, and those that no longer excuse anything. */
export function badExceptions(
  { name, exceptions }: Pick<Network, "name" | "exceptions">,
  findings: readonly ReportedFinding[],
  rules: readonly { id: string }[],
): Finding[] {
  return exceptions.flatMap((exception, i): Finding[] => {
    const object = networkFile(name);
    if (!rules.some(({ id }) => id === exception.rule)) {
      const message = `there is no rule ${JSON.stringify(exception.rule)}; \`pnpm validate --list\` names them all`;
      return [{ severity: "error", object, field: `exceptions[${i}].rule`, message }];
    }
    if (findings.some((finding) => covers(exception, finding))) return [];
    return [{ severity: "warning", object, field: `exceptions[${i}]`, message: whyUnneeded(exception, findings) }];
  });
}

/** What a person pastes into a network's `exceptions` to allow a finding; undefined for one that no exception covers. */
export function exceptionFor({ id, object, field, message }: ReportedFinding): string | undefined {
  if (!/^[A-Z][A-Za-z]*\/[a-z0-9.-]+$/.test(object)) return undefined;
  const parts = { rule: id, object: stableName(object), ...(field && { field }), message, reason: "…" };
  return `{ ${Object.entries(parts)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(", ")} }`;
}

function whyUnneeded(exception: Exception, findings: readonly ReportedFinding[]): string {
  const { rule, object, field } = exception;
  const place = [object, field].filter(Boolean).join(" ");
  const other = findings.find((finding) => covers({ ...exception, message: finding.message }, finding));
  if (!other) return `is not needed: ${rule} finds nothing in ${place}`;
  const [now, excused] = [other.message, exception.message].map((message) => JSON.stringify(message));
  return `is not needed: ${rule} says of ${place} ${now}, not ${excused}`;
}

/** An exception excuses one finding: with another value, the field has another message. */
const covers = ({ rule, object, field, message }: Exception, finding: ReportedFinding) =>
  rule === finding.id &&
  object === stableName(finding.object) &&
  field === finding.field &&
  message === finding.message;
