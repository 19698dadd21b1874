import { XMLBuilder } from "fast-xml-parser";
import { isError, levelOf, type Problem } from "../problem.ts";
import type { Outcome } from "../steps.ts";
import { fileOf } from "./file-of.ts";
import { placeOf, verdict } from "./text.ts";

/** A validation as data, for other programs. */
type Format = (outcomes: readonly Outcome[], root: string) => string;

const json: Format = (outcomes) =>
  JSON.stringify(
    {
      valid: !outcomes.some(({ problems }) => problems.some(isError)),
      steps: outcomes.map(({ name, summary, seconds }) => ({ name, summary, seconds: Number(seconds.toFixed(3)) })),
      problems: outcomes.flatMap(({ name, problems }) =>
        problems.map((problem) => ({ step: name, ...problem, severity: levelOf(problem) })),
      ),
    },
    null,
    2,
  );

/** A suite for each step and a case for each thing it looked for. */
const junit: Format = (outcomes) => {
  const suites = outcomes.map(({ name, seconds, kinds, problems }) => ({
    "@name": name,
    "@tests": kinds.length,
    "@failures": kinds.filter(({ id }) => problems.some((each) => each.id === id && isError(each))).length,
    "@time": seconds.toFixed(3),
    testcase: kinds.map(({ id, why }) => {
      const own = problems.filter((problem) => problem.id === id);
      const [errors, others] = [own.filter(isError), own.filter((each) => !isError(each))];
      return {
        "@name": id,
        "@classname": name,
        ...(errors.length > 0 && { failure: { "@message": why, "#text": errors.map(sentence).join("\n") } }),
        ...(others.length > 0 && { "system-out": others.map(sentence).join("\n") }),
      };
    }),
  }));
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", format: true });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: { "@name": "validate", testsuite: suites },
  });
};

/** Workflow commands, which GitHub shows beside the lines of a pull request. */
const github: Format = (outcomes, root) => {
  const problems = outcomes.flatMap((outcome) => outcome.problems);
  const commands = { error: "error", warning: "warning", excused: "notice" };
  const lines = problems.map((problem) => {
    const { file, line } = fileOf(root, problem) ?? {};
    const properties = Object.entries({ file, line, title: problem.id })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
    return `::${commands[levelOf(problem)]} ${properties.join(",")}::${escapeData(sentence(problem))}`;
  });
  return [...lines, verdict(problems)].join("\n");
};

export const formats = { json, junit, github } satisfies Record<string, Format>;

const sentence = (problem: Problem) =>
  `${placeOf(problem)}${problem.message}. ${problem.excuse ? `Excused: ${problem.excuse}` : `${problem.why} ${problem.fix}`}`;

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, as its toolkit escapes them.
const escapeData = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
