import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "./operator-error.ts";
import type { Tree, TreeDiff } from "./tree.ts";
import { endJournal, rollBack, stagePrefix, startJournal } from "./write-journal.ts";
import { foldersAbove, type Plan, planOf } from "./write-plan.ts";

/**
 * Makes the files on disk equal to a tree. All files are first written to a folder beside the tree, every target is
 * probed, and then they are moved into place in one go, without a pause in which a signal could be handled; stale files
 * go last. After an interruption the tree is as it was or complete, and after a SIGKILL between two moves `mendTree`
 * puts it back. No file is ever half written.
 *
 * @throws {OperatorError} when a target can't be written. Nothing has changed then.
 */
export function writeTree(root: string, tree: Tree, diff: TreeDiff): void {
  const plan = planOf(root, diff);
  const stage = mkdtempSync(join(root, stagePrefix));
  try {
    for (const path of [...plan.missing, ...plan.changed]) {
      mkdirSync(join(stage, "new", dirname(path)), { recursive: true });
      writeFileSync(join(stage, "new", path), tree.get(path) ?? "");
    }
    startJournal(stage, plan);
    move(root, stage, plan);
    endJournal(stage);
  } catch (error) {
    putBack(root, stage, error);
    rmSync(stage, { recursive: true, force: true });
    throw forOperator(error, root);
  }
  rmSync(stage, { recursive: true, force: true });
}

function move(root: string, stage: string, { inTheWay, changed, missing, stale }: Plan): void {
  for (const path of inTheWay) putAside(root, stage, path);
  for (const path of changed) {
    // A copy is put aside, so that the file is never missing.
    mkdirSync(join(stage, "old", dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(stage, "old", path));
    renameSync(join(stage, "new", path), join(root, path));
  }
  for (const path of missing) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    renameSync(join(stage, "new", path), join(root, path));
  }
  for (const path of stale) {
    putAside(root, stage, path);
    removeEmptyFolders(root, path);
  }
}

function putAside(root: string, stage: string, path: string): void {
  mkdirSync(join(stage, "old", dirname(path)), { recursive: true });
  renameSync(join(root, path), join(stage, "old", path));
}

function removeEmptyFolders(root: string, path: string): void {
  for (const folder of foldersAbove(path)) {
    try {
      rmdirSync(join(root, folder));
    } catch {
      return;
    }
  }
}

/** Rolls back. Where that fails, too, the stage is left to the next command that writes. */
function putBack(root: string, stage: string, cause: unknown): void {
  try {
    rollBack(root, stage);
  } catch (error) {
    const messages = [cause, error].map((each) => (each as Error).message);
    throw new OperatorError(
      `${messages.join("\n  and then, while it was put back: ")}\nrun \`pnpm gen\` once that is mended: it puts the files back first`,
    );
  }
}

/** A move that fails names the file in the tree, not the one beside it. */
function forOperator(error: unknown, root: string): unknown {
  const { code, path, dest = path, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  if (syscall === undefined || dest === undefined) return error;
  return new OperatorError(`${dest.slice(root.length + 1)}: can't be written (${code}); nothing was changed`);
}
