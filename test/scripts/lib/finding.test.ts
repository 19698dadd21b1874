import { errorAt, formatFinding } from "scripts/lib/finding.ts";
import { refuseFindings } from "scripts/lib/report.ts";
import { expect, test } from "vitest";

test.each([
  [errorAt("Service/a", "spec.ports", "is empty"), "Service/a spec.ports: is empty"],
  [errorAt("a.json", "", "is missing"), "a.json: is missing"],
  [errorAt("", "", "the folder holds nothing"), "the folder holds nothing"],
])("a finding stands on one line: %j", (finding, line) => {
  expect(formatFinding(finding)).toBe(line);
});

test("findings stop a command, which lists each of them once", () => {
  const finding = errorAt("a.json", "", "is missing");
  expect(() => refuseFindings("nothing was done", [finding, finding, errorAt("b.json", "", "is empty")])).toThrow(
    expect.objectContaining({
      name: "OperatorError",
      message: "nothing was done\n  a.json: is missing\n  b.json: is empty",
    }),
  );
});

test("no finding stops nothing", () => {
  expect(() => refuseFindings("nothing was done", [])).not.toThrow();
});
