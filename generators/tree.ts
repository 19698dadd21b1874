import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** A folder of one component: file name to the object that becomes YAML, or to text that stands as it is. */
export type Files = Record<string, object | string>;

/** Files to be: path from the repository's root, with forward slashes, to content. */
export type Tree = Map<string, string>;

/** How what is on disk differs from a tree; each list in the order of paths. */
export interface TreeDiff {
  missing: string[];
  changed: string[];
  extra: string[];
}

/** The files that some paths name or lie below, read from disk; `isOwned` says which of them count. */
export function readTree(
  root: string,
  places: readonly string[],
  isOwned: (path: string) => boolean,
): Map<string, Buffer> {
  const paths = places.flatMap((place) => filesAt(root, place)).filter(isOwned);
  return new Map(paths.map((path) => [path, readFileSync(`${root}/${path}`)]));
}

/** Compares a tree with what is on disk. */
export function diffTree(tree: Tree, present: ReadonlyMap<string, Buffer>): TreeDiff {
  const paths = [...tree.keys()].sort();
  return {
    missing: paths.filter((path) => !present.has(path)),
    changed: paths.filter((path) => present.has(path) && !present.get(path)?.equals(Buffer.from(tree.get(path) ?? ""))),
    extra: [...present.keys()].filter((path) => !tree.has(path)).sort(),
  };
}

/**
 * Makes the disk equal to a tree. Everything is written beside the tree first and moved into place in one go, without
 * a pause in which a signal could be heard: interrupted, the tree is as it was or complete, and no file is ever half.
 */
export function writeTree(root: string, tree: Tree, { missing, changed, extra }: TreeDiff): void {
  const stage = mkdtempSync(join(root, `.gen-${process.pid}-`));
  try {
    const paths = [...missing, ...changed];
    for (const folder of new Set(paths.map(dirname))) mkdirSync(join(stage, folder), { recursive: true });
    for (const path of paths) writeFileSync(`${stage}/${path}`, tree.get(path) ?? "");
    for (const path of extra) removeFile(root, path);
    moveInto(root, stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Moves what is in one folder into another: folders that are new there as a whole, all else file by file. */
function moveInto(target: string, source: string): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory() && existsSync(to)) moveInto(to, from);
    else {
      // A folder in a file's place is empty by now: what was in it was extra.
      if (isFolder(to)) rmdirSync(to);
      renameSync(from, to);
    }
  }
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Removes what killed runs left beside the tree. */
export function removeStages(root: string): void {
  for (const entry of readdirSync(root)) {
    const [, pid] = /^\.gen-(\d+)-/.exec(entry) ?? [];
    if (pid && !isRunning(Number(pid))) rmSync(join(root, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The paths of the files at or below a place. */
export function filesAt(root: string, place: string): string[] {
  const entry = lstatSync(join(root, place), { throwIfNoEntry: false });
  if (!entry) return [];
  return entry.isDirectory() ? filesBelow(root, place) : [place];
}

const filesBelow = (root: string, folder: string): string[] =>
  readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });

/** Removes a file and the folders that it leaves empty. */
function removeFile(root: string, path: string): void {
  rmSync(join(root, path));
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder));
    } catch {
      return;
    }
  }
}
