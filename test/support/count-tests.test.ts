import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const installed = resolve(import.meta.dirname, "../../node_modules");
const folder = mkdtempSync(join(tmpdir(), "count-tests-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Each becomes a report of vitest's own: the files of tests that it is made from.
const runs: Record<string, string[]> = {
  passing: ['test("a", () => {});', 'test("b", () => {});'],
  skipping: ['test("a", () => {});\ntest.skip("b", () => {});'],
  failing: ['test("a", () => {});\ntest("b", () => { throw new Error("b"); });'],
  unloadable: ['test("a", () => {});', 'throw new Error("not loaded");'],
  empty: [],
};

beforeAll(() => {
  for (const [name, files] of Object.entries(runs)) {
    const root = join(folder, name);
    mkdirSync(root);
    symlinkSync(installed, join(root, "node_modules"));
    for (const [index, text] of files.entries()) {
      writeFileSync(join(root, `${index}.test.ts`), `import { test } from "vitest";\n${text}\n`);
    }
    const report = `--outputFile=${join(folder, `${name}.json`)}`;
    const args = [join(installed, "vitest/vitest.mjs"), "run", "--root", root, "--reporter=json", report];
    spawnSync(process.execPath, args, { env: { PATH: process.env.PATH } });
  }
});

test.each([
  ["all tests passed", ["passing", "passing"], "4 passed, 0 failed", 0],
  ["a test was skipped", ["passing", "skipping"], "3 passed, 0 failed, 1 skipped", 0],
  ["a test failed", ["passing", "failing"], "3 passed, 1 failed", 1],
  ["a file could not be loaded", ["unloadable"], "1 passed, 1 failed", 1],
  ["a run left no report", ["passing", "missing"], "2 passed, 1 failed", 1],
  ["a run had no tests", ["passing", "empty"], "2 passed, 0 failed", 1],
])("%s", (_, reports, line, code) => {
  const files = reports.map((name) => join(folder, `${name}.json`));
  const args = [join(import.meta.dirname, "count-tests.ts"), ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: code, stdout: `${line}\n`, stderr: "" });
});
