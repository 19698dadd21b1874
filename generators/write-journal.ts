import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "./operator-error.ts";
import { lookAt, type Plan } from "./write-plan.ts";

// A stage is a folder beside the tree: the new files in new/, what they replace in old/, and the journal while the tree
// is neither as it was nor complete.
const stageName = /^\.gen-(\d+)-/;
const journalOf = (stage: string) => join(stage, "journal.json");

/** The beginning of a stage's name. */
export const stagePrefix = `.gen-${process.pid}-`;

/** Notes what will be moved. From here on, a run that is killed can be rolled back. */
export function startJournal(stage: string, plan: Plan): void {
  writeFileSync(`${journalOf(stage)}.new`, JSON.stringify(plan));
  renameSync(`${journalOf(stage)}.new`, journalOf(stage));
}

/** Notes that everything was moved. */
export const endJournal = (stage: string): void => rmSync(journalOf(stage));

/**
 * Puts back what a run has moved, whatever the moment at which it stopped. Interrupted itself, it can be done again.
 *
 * @throws what the operating system says when something can't be put back.
 */
export function rollBack(root: string, stage: string): void {
  if (!existsSync(journalOf(stage))) return;
  const { folders, inTheWay, changed, missing, stale }: Plan = JSON.parse(readFileSync(journalOf(stage), "utf8"));
  const isMoved = (path: string) => lookAt(stage, `new/${path}`) === undefined;
  for (const path of missing) {
    if (isMoved(path) && lookAt(root, path)) renameSync(join(root, path), join(stage, "new", path));
  }
  for (const folder of folders.toReversed()) {
    if (lookAt(root, folder)?.isDirectory()) rmdirSync(join(root, folder));
  }
  for (const path of changed) {
    if (isMoved(path) && lookAt(stage, `old/${path}`)) renameSync(join(stage, "old", path), join(root, path));
  }
  for (const path of [...inTheWay, ...stale]) {
    if (!lookAt(stage, `old/${path}`) || lookAt(root, path)) continue;
    mkdirSync(join(root, dirname(path)), { recursive: true });
    renameSync(join(stage, "old", path), join(root, path));
  }
  endJournal(stage);
}

/**
 * Rolls back the runs that were killed while they moved files, and removes what they left beside the tree.
 *
 * @returns how many were rolled back.
 */
export function mendTree(root: string): number {
  const stages = leftStages(root);
  const unfinished = stages.filter((stage) => existsSync(journalOf(stage)));
  for (const stage of unfinished) rollBack(root, stage);
  for (const stage of stages) rmSync(stage, { recursive: true, force: true });
  return unfinished.length;
}

/**
 * Refuses to judge files of which a killed run has replaced only some.
 *
 * @throws {OperatorError} that says how to mend them.
 */
export function refuseUnfinished(root: string): void {
  const unfinished = leftStages(root).filter((stage) => existsSync(journalOf(stage)));
  if (unfinished.length === 0) return;
  const names = unfinished.map((stage) => stage.slice(root.length + 1)).join(", ");
  throw new OperatorError(
    `a command was killed while it replaced files, and has left ${names}: run \`pnpm gen\`, which puts them back first`,
  );
}

/** The stages of runs that are over. */
const leftStages = (root: string): string[] =>
  readdirSync(root)
    .filter((entry) => stageName.test(entry) && !isInUse(join(root, entry), Number(stageName.exec(entry)?.[1])))
    .map((entry) => join(root, entry));

// A run has its stage for less than a second.
const oldestMinutes = 10;

/** Whether a process still writes: a number that another process has by now is known by the stage's age. */
function isInUse(stage: string, pid: number): boolean {
  const minutes = (Date.now() - statSync(stage).mtimeMs) / 60_000;
  return pid !== process.pid && minutes < oldestMinutes && isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
