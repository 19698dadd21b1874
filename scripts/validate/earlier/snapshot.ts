import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { networksFolder } from "generators/network/paths.ts";
import { filesAt, type Tree } from "generators/tree.ts";
import { filesInCommit } from "../../lib/git.ts";
import { blobId, objectsOf } from "../../lib/git-objects.ts";

/** The files of base/, overlays/ and generators/networks/ at a commit. */
export interface Snapshot {
  commit: string;
  /** Content by path; of the files that are there now alike, too. */
  files: Tree;
  /** The paths of all files that differ from those that are there now, or are there only at one of the two times. */
  changed: ReadonlySet<string>;
}

/** The folders that are rendered or read. */
export const places = ["base", "overlays", networksFolder];

/** The files that are there now, by path. Links and other special files are none. */
export function readPresent(root: string): Map<string, Buffer> {
  const isPlain = (path: string) => lstatSync(join(root, path)).isFile();
  return new Map(
    places
      .flatMap((place) => filesAt(root, place))
      .filter(isPlain)
      .map((path) => [path, readFileSync(join(root, path))]),
  );
}

/**
 * The files at a commit. Git is asked only for those that are not there now.
 *
 * @throws {GitError} when git can't say.
 */
export async function snapshotOf(
  root: string,
  commit: string,
  present: ReadonlyMap<string, Buffer>,
): Promise<Snapshot> {
  const ids = await filesInCommit(root, commit, places);
  const isSame = (path: string, id: string) => {
    const bytes = present.get(path);
    return bytes !== undefined && blobId(bytes, id) === id;
  };
  const others = new Map([...ids].filter(([path, id]) => !isSame(path, id)));
  const contents = await objectsOf(root, [...others.values()]);
  const files = new Map([...ids].map(([path, id]) => [path, String(contents.get(id)?.bytes ?? present.get(path))]));
  const gone = [...present.keys()].filter((path) => !ids.has(path));
  return { commit: commit.slice(0, 7), files, changed: new Set([...others.keys(), ...gone]) };
}

/** Calls a function with a folder that holds a snapshot's base/ and overlays/, which is removed afterwards. */
export async function inFolder<T>({ files }: Snapshot, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "validate-"));
  try {
    const built = [...files].filter(([path]) => /^(base|overlays)\//.test(path) && !path.split("/").includes(".."));
    for (const parent of new Set(built.map(([path]) => dirname(path)))) {
      mkdirSync(join(folder, parent), { recursive: true });
    }
    for (const [path, text] of built) writeFileSync(join(folder, path), text);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
