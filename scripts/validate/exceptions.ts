import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Finding } from "../lib/finding.ts";
import { type ReportedFinding, stableName } from "./reported-finding.ts";

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
    const message = `is not needed: ${exception.rule} finds nothing${exception.object ? ` in ${exception.object}` : ""}`;
    return [{ severity: "warning", object, field: `exceptions[${i}]`, message }];
  });
}

const covers = ({ rule, object }: Exception, finding: ReportedFinding) =>
  rule === finding.id && (object === undefined || object === stableName(finding.object));
