import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kindOf, readRegular } from "./files.ts";

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

/**
 * Reads the files at or below some places, of those that `isOwned` accepts.
 *
 * @throws {OperatorError} when one is not a file but a link, a FIFO or the like, or is larger than any that is read.
 */
export function readTree(
  root: string,
  places: readonly string[],
  isOwned: (path: string) => boolean,
): Map<string, Buffer> {
  const paths = places.flatMap((place) => filesAt(root, place)).filter(isOwned);
  return new Map(paths.map((path) => [path, readRegular(root, path)]));
}

/** The same, with undefined for what is not a file. */
export function readPresent(
  root: string,
  places: readonly string[],
  isOwned: (path: string) => boolean,
): Map<string, Buffer | undefined> {
  const odd = oddEntries(root, places).map(({ path }) => path);
  const files = readTree(root, places, (path) => isOwned(path) && !odd.includes(path));
  return new Map([...files, ...odd.filter(isOwned).map((path) => [path, undefined] as const)]);
}

/** What is at or below some places and is neither a file nor a folder, such as a link. */
export const oddEntries = (root: string, places: readonly string[]): { path: string; kind: string }[] =>
  places
    .flatMap((place) => filesAt(root, place))
    .map((path) => ({ path, stats: lstatSync(join(root, path)) }))
    .filter(({ stats }) => !stats.isFile())
    .map(({ path, stats }) => ({ path, kind: kindOf(stats) }));

/** Compares a tree with the files on disk. */
export function diffTree(tree: Tree, present: ReadonlyMap<string, Buffer | undefined>): TreeDiff {
  const paths = [...tree.keys()].sort();
  const isSame = (path: string) => present.get(path)?.equals(Buffer.from(tree.get(path) ?? "")) === true;
  return {
    missing: paths.filter((path) => !present.has(path)),
    changed: paths.filter((path) => present.has(path) && !isSame(path)),
    extra: [...present.keys()].filter((path) => !tree.has(path)).sort(),
  };
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
