import { execFileSync, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { diffTree, readPresent, type Tree } from "generators/tree.ts";
import { mendTree } from "generators/write-journal.ts";
import { writeTree } from "generators/write-tree.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { hashes } from "../support/artifacts.ts";

const tree: Tree = new Map([
  ["base/a/x.yaml", "x"],
  ["base/b.yaml", "b"],
]);

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const read = (root: string) => readPresent(root, ["base"], () => true);

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
  mkdirSync(join(root, `.gen-${process.ppid}-abc`));
  // Linux has no process ids above 2^22.
  mkdirSync(join(root, ".gen-4194999-abc"));
  // A process of a container often has the number of the one that was killed.
  mkdirSync(join(root, `.gen-${process.pid}-abc`));
  expect(mendTree(root)).toBe(0);
  expect(readdirSync(root)).toEqual([`.gen-${process.ppid}-abc`]);
});

test("the folder of a running process is removed once it is too old to be that process's", () => {
  const root = folder();
  const stage = join(root, `.gen-${process.ppid}-abc`);
  mkdirSync(stage);
  const anHourAgo = Date.now() / 1000 - 3600;
  utimesSync(stage, anHourAgo, anHourAgo);
  mendTree(root);
  expect(readdirSync(root)).toEqual([]);
});

type Prepare = (root: string) => void;
const put = (path: string, text: string) => (root: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const link = (path: string, to: string) => (root: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(to, join(root, path));
};
const fifo = (path: string) => (root: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  execFileSync("mkfifo", [join(root, path)]);
};

describe("what stands in a file's place is replaced", () => {
  test.each<[what: string, prepare: Prepare]>([
    [
      "a link to a file with the same content",
      (root) => [put("other", "b"), link("base/b.yaml", "../other")].forEach((each) => void each(root)),
    ],
    ["a link to nothing", link("base/b.yaml", "../nothing")],
    [
      "a link to a folder",
      (root) => [put("other/b", "b"), link("base/b.yaml", "../other")].forEach((each) => void each(root)),
    ],
    ["a FIFO", fifo("base/b.yaml")],
    ["a folder of stale files", put("base/b.yaml/deep/file", "")],
    ["an empty folder", (root) => void mkdirSync(join(root, "base/b.yaml/deep"), { recursive: true })],
    ["a file in a folder's place", put("base/a", "")],
    ["a stale link", link("base/old", "../../nothing")],
    ["a stale FIFO", fifo("base/old/fifo")],
  ])("%s", (_what, prepare) => {
    const root = folder();
    prepare(root);
    const outside = existsSync(join(root, "other")) ? hashes(root) : undefined;
    makeEqual(root);
    expect(diffTree(tree, read(root))).toEqual({ missing: [], changed: [], extra: [] });
    expect(lstatSync(join(root, "base/b.yaml")).isFile()).toBe(true);
    for (const path of Object.keys(outside ?? {}).filter((each) => each.startsWith("other"))) {
      expect(hashes(root)[path]).toBe(outside?.[path]);
    }
  });
});

describe("nothing is written, and nothing is left beside the tree, when a target can't be written", () => {
  test.each<[what: string, prepare: Prepare, says: string]>([
    [
      "a link in a folder's place",
      (root) => [put("other/b", "b"), link("base/a", "../other")].forEach((each) => void each(root)),
      "base/a: is a link where a folder must be; remove it",
    ],
    [
      "a link in the place of the outer folder",
      link("base", "other"),
      "base: is a link where a folder must be; remove it",
    ],
    ["a FIFO in a folder's place", fifo("base/a"), "base/a: is a FIFO where a folder must be; remove it"],
    [
      "a folder with a file that the tree does not own in a file's place",
      put("base/b.yaml/foreign", ""),
      "base/b.yaml: is a folder where a file must be, and holds base/b.yaml/foreign; move that elsewhere",
    ],
  ])("%s", (_what, prepare, says) => {
    const root = folder();
    put("base/stale", "")(root);
    rmSync(join(root, "base"), { recursive: true });
    prepare(root);
    const before = hashes(root);
    const diff = diffTree(
      tree,
      readPresent(root, ["base"], (path) => !path.endsWith("foreign")),
    );
    expect(() => writeTree(root, tree, diff)).toThrow(`nothing was written\n  ${says}`);
    expect(hashes(root)).toEqual(before);
  });

  test("a folder on another file system", () => {
    const root = folder();
    mkdirSync(join(root, "base"));
    onTestFinished(() => void spawnSync("umount", [join(root, "base")]));
    if (spawnSync("mount", ["-t", "tmpfs", "none", join(root, "base")]).status !== 0) return;
    expect(() => makeEqual(root)).toThrow("base: is on another file system than the repository");
    spawnSync("mount", ["-o", "remount,ro", join(root, "base")]);
    expect(() => makeEqual(root)).toThrow("base: can't be written (EROFS)");
    expect(readdirSync(root)).toEqual(["base"]);
  });

  test("a folder that another user owns", () => {
    const root = folder();
    put("base/a/x.yaml", "old")(root);
    put("base/stale", "stale")(root);
    const before = hashes(root);
    // Root may write everywhere.
    chownSync(root, 65534, 65534);
    const attempt = `
      process.setuid(65534);
      const { diffTree, readPresent } = await import("generators/tree.ts");
      const { writeTree } = await import("generators/write-tree.ts");
      const tree = new Map([["base/a/x.yaml", "x"], ["base/b.yaml", "b"]]);
      writeTree("${root}", tree, diffTree(tree, readPresent("${root}", ["base"], () => true)));`;
    if (process.getuid?.() !== 0) return;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", attempt], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    expect(stderr).toContain("base/a: can't be written (EACCES)");
    expect(status).toBe(1);
    expect(hashes(root)).toEqual(before);
  });
});
