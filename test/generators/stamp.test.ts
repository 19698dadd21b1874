import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentSummary, inputsPrint, writeStamp } from "generators/stamp.ts";
import { expect, onTestFinished, test } from "vitest";

const summary = { names: ["staging"], files: 2 };

/** Writes a file as of long ago. */
function write(file: string, content: string): void {
  writeFileSync(file, content);
  utimesSync(file, 1000, 1000);
}

/** A folder whose last run of gen is stamped. */
function stamped(): string {
  const root = mkdtempSync(join(tmpdir(), "stamp-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ["generators/src", "base/a", "overlays"]) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["generators/src/a.ts", "base/a/b.yaml", "README.md"]) write(join(root, file), "1");
  writeStamp(root, inputsPrint(root), summary);
  return root;
}

test("nothing touched: the last run's summary", () => {
  expect(currentSummary(stamped())).toEqual(summary);
});

test.each(["generators/src/a.ts", "base/a/b.yaml", "README.md"])(
  "another content of the same size and time: %s",
  (path) => {
    const root = stamped();
    // A file system's clock ticks every few milliseconds.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    write(join(root, path), "2");
    expect(currentSummary(root)).toBeUndefined();
  },
);

test.each<[string, (root: string) => void]>([
  ["a new source", (root) => writeFileSync(join(root, "generators/src/b.ts"), "")],
  ["an extra file", (root) => writeFileSync(join(root, "overlays/extra.yaml"), "")],
  ["a missing file", (root) => rmSync(join(root, "base/a/b.yaml"))],
  ["other versions of packages", (root) => writeFileSync(join(root, "pnpm-lock.yaml"), "")],
  ["half a stamp", (root) => writeFileSync(join(root, "node_modules/.cache/gen.json"), "{")],
  ["no stamp", (root) => rmSync(join(root, "node_modules"), { recursive: true })],
])("%s is seen", (_, change) => {
  const root = stamped();
  change(root);
  expect(currentSummary(root)).toBeUndefined();
});

test("inputs that change while gen renders leave no valid stamp", () => {
  const root = stamped();
  const before = inputsPrint(root);
  writeFileSync(join(root, "generators/src/a.ts"), "changed");
  writeStamp(root, before, summary);
  expect(currentSummary(root)).toBeUndefined();
});
