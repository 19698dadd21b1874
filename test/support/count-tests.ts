// A program that adds up vitest's JSON reports: node test/support/count-tests.ts <report>… It prints the counts in one line,
// and exits with 1 unless every report has tests that passed and none that failed.
import { existsSync, readFileSync } from "node:fs";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** The counts of a report. A run that left no report counts as one failure. */
function countsOf(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report: Report = JSON.parse(readFileSync(file, "utf8"));
  // A file of tests that could not be loaded has no tests to count.
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests,
  };
}

const reports = process.argv.slice(2).map(countsOf);
const total = (key: keyof Counts) => reports.reduce((sum, counts) => sum + counts[key], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
console.log(`${total("passed")} passed, ${total("failed")} failed${skipped}`);
process.exitCode = reports.every(({ passed, failed }) => passed > 0 && failed === 0) ? 0 : 1;
