import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Finding } from "../lib/finding.ts";
import { type Problem, stableName } from "./problem.ts";

type Exception = Network["exceptions"][number];

/** Problems of a network's rules, with the excuse that the network declares for one or the other. */
export const excused = (problems: readonly Problem[], { exceptions }: Pick<Network, "exceptions">): Problem[] =>
  problems.map((problem) => {
    const exception = exceptions.find((each) => covers(each, problem));
    return exception ? { ...problem, excuse: exception.reason } : problem;
  });

/** Exceptions that name no rule, and those that excuse nothing any more. */
export function badExceptions(
  { name, exceptions }: Pick<Network, "name" | "exceptions">,
  problems: readonly Problem[],
  rules: readonly { id: string }[],
): Finding[] {
  return exceptions.flatMap((exception, i): Finding[] => {
    const object = networkFile(name);
    if (!rules.some(({ id }) => id === exception.rule)) {
      const message = `there is no rule ${JSON.stringify(exception.rule)}; \`pnpm validate --list\` names them`;
      return [{ severity: "error", object, field: `exceptions[${i}].rule`, message }];
    }
    if (problems.some((problem) => covers(exception, problem))) return [];
    const message = `${exception.rule} holds without it${exception.object ? ` for ${exception.object}` : ""}`;
    return [{ severity: "warning", object, field: `exceptions[${i}]`, message }];
  });
}

const covers = ({ rule, object }: Exception, problem: Problem) =>
  rule === problem.id && (object === undefined || object === stableName(problem.object));
