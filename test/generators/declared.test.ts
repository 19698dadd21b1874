import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredNetworks, refuseUnknownNetworks } from "generators/declared.ts";
import { expect, onTestFinished, test } from "vitest";

test("every TypeScript file in generators/networks declares a network; folders and other files do not", () => {
  const root = mkdtempSync(join(tmpdir(), "networks-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  expect(declaredNetworks(root)).toEqual([]);
  mkdirSync(join(root, "generators/networks/b"), { recursive: true });
  for (const file of ["b.ts", "a.ts", "README.md"]) writeFileSync(join(root, "generators/networks", file), "");
  expect(declaredNetworks(root)).toEqual(["a", "b"]);
});

test.each([
  [["a", "b"], undefined],
  [[], undefined],
  [["a", "c"], "no network c; generators/networks declares a, b"],
  [["c", "d"], "no network c, d; generators/networks declares a, b"],
])("%j: %s", (names, message) => {
  const refuse = () => refuseUnknownNetworks(names, ["a", "b"]);
  if (message === undefined) expect(refuse).not.toThrow();
  else expect(refuse).toThrow(expect.objectContaining({ name: "UsageError", message }));
});
