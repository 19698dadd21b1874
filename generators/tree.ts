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

/** The files of a folder: name to content, which is text or an object that becomes YAML. */
export type Files = Record<string, object | string>;

/** Files with their content, by path from the repository's root, with forward slashes. */
export type Tree = Map<string, string>;

/** How the files on disk differ from a tree. Each list is sorted by path. */
export interface TreeDiff {
  missing: string[];
  changed: string[];
  extra: string[];
}

/** Reads the files at or below some places, of those that `isOwned` accepts. */
export function readTree(
  root: string,
  places: readonly string[],
  isOwned: (path: string) => boolean,
): Map<string, Buffer> {
  const paths = places.flatMap((place) => filesAt(root, place)).filter(isOwned);
  return new Map(paths.map((path) => [path, readFileSync(`${root}/${path}`)]));
}

/** Compares a tree with the files on disk. */
export function diffTree(tree: Tree, present: ReadonlyMap<string, Buffer>): TreeDiff {
  const paths = [...tree.keys()].sort();
  return {
    missing: paths.filter((path) => !present.has(path)),
    changed: paths.filter((path) => present.has(path) && !present.get(path)?.equals(Buffer.from(tree.get(path) ?? ""))),
    extra: [...present.keys()].filter((path) => !tree.has(path)).sort(),
  };
}

/**
 * Makes the files on disk equal to a tree. All files are first written to a folder beside the tree and then moved into
 * place in one go, without a pause in which a signal could be handled. After an interruption the tree is as it was or
 * complete, and no file is ever half written.
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

/** Moves one folder's content into another: a folder that is new there as a whole, everything else file by file. */
function moveInto(target: string, source: string): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory() && existsSync(to)) moveInto(to, from);
    else {
      // A folder in the place of a file is empty by now, because everything in it was extra.
      if (isFolder(to)) rmdirSync(to);
      renameSync(from, to);
    }
  }
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Removes the folders that killed runs left beside the tree. */
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

/** The paths of all files at or below a place. */
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

/** Removes a file, and the folders that are empty without it. */
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
