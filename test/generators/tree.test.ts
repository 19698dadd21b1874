import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffTree, readTree, removeStages, type Tree, writeTree } from "generators/tree.ts";
import { expect, onTestFinished, test } from "vitest";

const tree: Tree = new Map([
  ["base/a/x.yaml", "x"],
  ["base/b.yaml", "b"],
]);

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const read = (root: string) => readTree(root, ["base"], () => true);

function makeEqual(root: string): void {
  writeTree(root, tree, diffTree(tree, read(root)));
}

test("an empty folder becomes the tree and nothing else", () => {
  const root = folder();
  makeEqual(root);
  expect(readFileSync(join(root, "base/a/x.yaml"), "utf8")).toBe("x");
  expect(readdirSync(root, { recursive: true }).sort()).toEqual(["base", "base/a", "base/a/x.yaml", "base/b.yaml"]);
});

test("missing, changed and extra files are told apart and put right", () => {
  const root = folder();
  makeEqual(root);
  rmSync(join(root, "base/b.yaml"));
  writeFileSync(join(root, "base/a/x.yaml"), "y");
  mkdirSync(join(root, "base/old/deep"), { recursive: true });
  writeFileSync(join(root, "base/old/deep/file"), "");
  const diff = diffTree(tree, read(root));
  expect(diff).toEqual({ missing: ["base/b.yaml"], changed: ["base/a/x.yaml"], extra: ["base/old/deep/file"] });
  writeTree(root, tree, diff);
  expect(diffTree(tree, read(root))).toEqual({ missing: [], changed: [], extra: [] });
  expect(existsSync(join(root, "base/old"))).toBe(false);
});

test("unchanged files are not written again", () => {
  const root = folder();
  makeEqual(root);
  const before = statSync(join(root, "base/b.yaml"));
  writeFileSync(join(root, "base/a/x.yaml"), "y");
  makeEqual(root);
  expect(statSync(join(root, "base/b.yaml"))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
});

test("a folder in the place of a file is replaced, and a file in the place of a folder", () => {
  const root = folder();
  mkdirSync(join(root, "base/b.yaml"), { recursive: true });
  writeFileSync(join(root, "base/b.yaml/file"), "");
  writeFileSync(join(root, "base/a"), "");
  makeEqual(root);
  expect(diffTree(tree, read(root))).toEqual({ missing: [], changed: [], extra: [] });
});

test("a failed write leaves the tree unchanged and nothing beside it", () => {
  const root = folder();
  makeEqual(root);
  const bad: Tree = new Map([
    ["base/b.yaml", "new"],
    ["base/c.yaml", { toString: undefined } as never],
  ]);
  expect(() =>
    writeTree(root, bad, { missing: ["base/c.yaml"], changed: ["base/b.yaml"], extra: ["base/a/x.yaml"] }),
  ).toThrow();
  expect(diffTree(tree, read(root))).toEqual({ missing: [], changed: [], extra: [] });
  expect(readdirSync(root)).toEqual(["base"]);
});

test("the folder of a killed run is removed, that of a running one is not", () => {
  const root = folder();
  mkdirSync(join(root, `.gen-${process.pid}-abc`));
  // Linux has no process ids above 2^22.
  mkdirSync(join(root, ".gen-4194999-abc"));
  removeStages(root);
  expect(readdirSync(root)).toEqual([`.gen-${process.pid}-abc`]);
});
