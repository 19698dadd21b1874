import { lstatSync, readlinkSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { filesAt } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { repositoryOf, trackedFiles } from "../lib/git.ts";
import { places } from "./earlier/snapshot.ts";

/**
 * Symbolic links and submodules that Argo CD or the rules could stumble over: any in the folders that are rendered or read,
 * and links that lead out of the repository anywhere in what git has or would take.
 */
export async function badLinks(root: string): Promise<Finding[]> {
  const repository = repositoryOf(root) ?? root;
  const paths = (await trackedFiles(root)) ?? places.flatMap((place) => filesAt(root, place));
  return paths.flatMap((path) => {
    const entry = lstatSync(join(root, path), { throwIfNoEntry: false });
    const isRead = places.some((place) => path.startsWith(`${place}/`));
    // Git names a repository inside of this one with a slash at the end, and takes it for a submodule once it is added.
    if (entry?.isDirectory() && !path.endsWith("/"))
      return [errorAt(path, "", "is a submodule, which nothing here reads")];
    if (!entry?.isSymbolicLink())
      return isRead && entry && !entry.isFile() && !entry.isDirectory() ? [special(path)] : [];
    const target = readlinkSync(join(root, path));
    if (isRead) return [errorAt(path, "", `is a symbolic link to ${target}: the files here are plain ones`)];
    return leadsOut(repository, join(root, dirname(path)), target)
      ? [errorAt(path, "", `is a symbolic link to ${target}, which leads out of the repository`)]
      : [];
  });
}

const special = (path: string) => errorAt(path, "", "is no regular file");

function leadsOut(repository: string, folder: string, target: string): boolean {
  const path = relative(repository, resolve(folder, target));
  return isAbsolute(target) || isAbsolute(path) || path.split(/[\\/]/)[0] === "..";
}

/** Sealed keystores in an overlay that is no network's. They are no generated files, so that nothing else looks at them. */
export const strayKeystores = (root: string, networks: readonly string[]): Finding[] =>
  filesAt(root, "overlays").flatMap((path) => {
    const [, overlay] = /^overlays\/([^/]+)\/keystores(\/|$)/.exec(path) ?? [];
    if (overlay === undefined || networks.includes(overlay)) return [];
    return [errorAt(path, "", `extra: there is no network ${overlay}, whose keystores could be here`)];
  });
