import { accessSync, constants, lstatSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { kindOf } from "./files.ts";
import { OperatorError } from "./operator-error.ts";
import { filesAt, type TreeDiff } from "./tree.ts";

/** What a write moves, by path from the root. */
export interface Plan {
  /** Folders that are made, outer ones first. */
  folders: string[];
  /** What is put aside first: a file in a folder's place; a folder, a link or the like in a file's place. */
  inTheWay: string[];
  /** Files that are replaced. */
  changed: string[];
  /** Files whose place is free, or will be once `inTheWay` is put aside. */
  missing: string[];
  /** Files that are removed. */
  stale: string[];
}

/**
 * How to make the files on disk differ from a tree no longer.
 *
 * @throws {OperatorError} listing every target that can't be written.
 */
export function planOf(root: string, { missing, changed, extra }: TreeDiff): Plan {
  const isFile = (path: string) => lookAt(root, path)?.isFile() === true;
  const [replaced, added] = [changed.filter(isFile), [...missing, ...changed.filter((path) => !isFile(path))]];
  const above = new Set([...added, ...replaced].flatMap(foldersAbove));
  const folders = [...above].filter((folder) => !lookAt(root, folder)?.isDirectory()).sort();
  const inTheWay = [...folders, ...added].filter((path) => lookAt(root, path));
  const stale = extra.filter((path) => ![path, ...foldersAbove(path)].some((each) => inTheWay.includes(each)));
  const problems = [
    ...folders.flatMap((folder) => folderProblems(root, folder, extra)),
    ...added.flatMap((path) => foreignFiles(root, path, extra)),
    ...new Set([...added, ...replaced, ...stale].flatMap((path) => accessProblems(root, path))),
  ];
  if (problems.length > 0) throw new OperatorError(["nothing was written", ...problems].join("\n  "));
  return { folders, inTheWay, changed: replaced, missing: added, stale };
}

/** What is at a path; undefined for nothing. */
export function lookAt(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** The folders above a path, inner ones first, without the root. */
export function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}

/** Only a stale file may stand in a folder's place: a link would lead the files elsewhere. */
function folderProblems(root: string, folder: string, extra: readonly string[]): string[] {
  const entry = lookAt(root, folder);
  if (!entry || (entry.isFile() && extra.includes(folder))) return [];
  return [`${folder}: is ${kindOf(entry)} where a folder must be; remove it`];
}

/** A folder in a file's place may hold nothing but stale files. */
function foreignFiles(root: string, path: string, extra: readonly string[]): string[] {
  if (!lookAt(root, path)?.isDirectory()) return [];
  const foreign = filesAt(root, path).filter((file) => !extra.includes(file));
  return foreign.map((file) => `${path}: is a folder where a file must be, and holds ${file}; move that elsewhere`);
}

function accessProblems(root: string, path: string): string[] {
  const folder = foldersAbove(path).find((each) => lookAt(root, each)?.isDirectory()) ?? ".";
  try {
    accessSync(join(root, folder), constants.W_OK | constants.X_OK);
  } catch (error) {
    return [`${folder}: can't be written (${(error as NodeJS.ErrnoException).code})`];
  }
  const isHere = statSync(join(root, folder)).dev === statSync(root).dev;
  return isHere ? [] : [`${folder}: is on another file system than the repository, so nothing can be moved into it`];
}
