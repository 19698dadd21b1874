import { XMLBuilder } from "fast-xml-parser";
import type { Outcome } from "../outcome.ts";
import { isError } from "../reported-finding.ts";
import type { Report } from "./report.ts";
import { sentence } from "./wording.ts";

/** For programs that read JUnit's XML: a suite for each step, and a case for each of its requirements. */
export const junit: Report = (outcomes) => {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", format: true });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: { "@name": "validate", testsuite: outcomes.map(suite) },
  });
};

const suite = (outcome: Outcome) => ({
  "@name": outcome.name,
  "@tests": outcome.requirements.length,
  "@failures": new Set(outcome.findings.filter(isError).map(({ id }) => id)).size,
  "@time": outcome.seconds.toFixed(3),
  testcase: outcome.requirements.map(({ id, why }) => {
    const own = outcome.findings.filter((finding) => finding.id === id);
    const [errors, others] = [own.filter(isError), own.filter((each) => !isError(each))];
    return {
      "@name": id,
      "@classname": outcome.name,
      ...(errors.length > 0 && { failure: { "@message": why, "#text": errors.map(sentence).join("\n") } }),
      ...(others.length > 0 && { "system-out": others.map(sentence).join("\n") }),
    };
  }),
});
