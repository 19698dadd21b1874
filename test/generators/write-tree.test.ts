import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diffTree, readPresent, type Tree } from "generators/tree.ts";
import { mendTree, refuseUnfinished } from "generators/write-journal.ts";
import { writeTree } from "generators/write-tree.ts";
import { describe, expect, test } from "vitest";
import { hashes, temporary } from "../support/artifacts.ts";

const before = {
  "base/changed": "old",
  "base/same": "same",
  "base/stale/deep": "x",
  "base/file": "x",
  "base/was/a/folder": "x",
};
const after: Tree = new Map([
  ["base/changed", "new"],
  ["base/same", "same"],
  ["base/added/deep", "new"],
  // A file where there was a folder, and a folder where there was a file.
  ["base/was", "new"],
  ["base/file/below", "new"],
]);

function prepared(): string {
  const root = temporary("write");
  for (const [path, text] of Object.entries(before)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const present = (root: string) => readPresent(root, ["base"], () => true);
const isComplete = (root: string) => Object.values(diffTree(after, present(root))).flat().length === 0;

/** Writes in a process in which something happens at the nth call of a function that changes files. */
function writeWith(root: string, call: string, nth: number, event: string): number | null {
  const code = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const own = fs.${call};
    let calls = 0;
    fs.${call} = (...args) => {
      if (++calls === ${nth}) ${event};
      return own(...args);
    };
    syncBuiltinESMExports();
    const { diffTree, readPresent } = await import("generators/tree.ts");
    const { writeTree } = await import("generators/write-tree.ts");
    const tree = new Map(${JSON.stringify([...after])});
    writeTree("${root}", tree, diffTree(tree, readPresent("${root}", ["base"], () => true)));
    process.exit(calls < ${nth} ? 77 : 0);`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: import.meta.dirname });
  return status;
}

const calls = ["renameSync", "copyFileSync", "mkdirSync", "writeFileSync", "rmdirSync", "rmSync"];
/** More than a write makes of any. */
const most = 30;

describe.each(calls)("a run that is killed at its calls of %s", (call) => {
  test("leaves a tree that is as it was or complete once it is mended, and that nobody judges until then", () => {
    for (let nth = 1; nth < most; nth++) {
      const root = prepared();
      const was = hashes(root);
      if (writeWith(root, call, nth, "process.kill(process.pid, 'SIGKILL')") === 77) return;
      const isNamed = (() => {
        try {
          refuseUnfinished(root);
          return false;
        } catch (error) {
          expect((error as Error).message).toMatch(/^a command was killed .* has left \.gen-\d+-\w+: run `pnpm gen`/);
          return true;
        }
      })();
      if (!isNamed)
        expect(isComplete(root) || Object.entries(was).every(([path, hash]) => hashes(root)[path] === hash)).toBe(true);
      expect(mendTree(root)).toBe(isNamed ? 1 : 0);
      expect(readdirSync(root)).toEqual(["base"]);
      if (!isComplete(root)) expect(hashes(root)).toEqual(was);
      writeTree(root, after, diffTree(after, present(root)));
      expect(isComplete(root)).toBe(true);
    }
    expect.unreachable();
  });
});

describe.each(calls.slice(0, 4))("a run whose calls of %s fail", (call) => {
  test("puts everything back", () => {
    const error = "throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'x', path: args[0] })";
    for (let nth = 1; nth < most; nth++) {
      const root = prepared();
      const was = hashes(root);
      const status = writeWith(root, call, nth, error);
      if (status === 77) return;
      expect(status).toBe(1);
      expect(hashes(root)).toEqual(was);
    }
    expect.unreachable();
  });
});

test("a roll-back that was itself interrupted is done again", () => {
  const root = prepared();
  const was = hashes(root);
  writeWith(root, "renameSync", 6, "process.kill(process.pid, 'SIGKILL')");
  const mend = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const own = fs.renameSync;
    let calls = 0;
    fs.renameSync = (...args) => (++calls === 2 ? process.kill(process.pid, "SIGKILL") : own(...args));
    syncBuiltinESMExports();
    (await import("generators/write-journal.ts")).mendTree("${root}");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", mend], { cwd: import.meta.dirname });
  expect(signal).toBe("SIGKILL");
  expect(mendTree(root)).toBe(1);
  expect(hashes(root)).toEqual(was);
});
