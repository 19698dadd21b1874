import { isError, levelOf } from "../reported-finding.ts";
import type { Report } from "./report.ts";

/** For programs: every step and everything found. */
export const json: Report = (outcomes) =>
  JSON.stringify(
    {
      valid: !outcomes.some(({ findings }) => findings.some(isError)),
      steps: outcomes.map(({ name, summary, seconds }) => ({ name, summary, seconds: Number(seconds.toFixed(3)) })),
      problems: outcomes.flatMap(({ name, findings }) =>
        findings.map((finding) => ({ step: name, ...finding, severity: levelOf(finding) })),
      ),
    },
    null,
    2,
  );
