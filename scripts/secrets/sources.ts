import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { everyFile } from "../lib/files.ts";
import { blobId } from "../lib/git-objects.ts";
import { type Content, limit } from "./content.ts";
import { blobContents, indexBlobs, isRepository, pushedBlobs, stagedBlobs, untracked } from "./git.ts";

/**
 * Everything that a push brings or the next one could, each content once: the working tree as far as git would take it,
 * what is staged and differs from it, and what the commits of the push added. Outside a repository: every file.
 *
 * @param since the last commit before the push; all zeros when the push is the first. By default the push is the last
 *   commit, and all that no remote branch has.
 * @throws {OperatorError} with git's own words when git fails.
 */
export async function* allContents(root: string, since?: string): AsyncGenerator<Content> {
  if (!isRepository(root)) {
    for (const path of everyFile(root)) yield* workingFile(root, path);
    return;
  }
  const [index, others, pushed] = await Promise.all([indexBlobs(root), untracked(root), pushedBlobs(root, since)]);
  const seen = new Set<string>();
  for (const path of new Set([...index.map((blob) => blob.path), ...others])) {
    for (const content of workingFile(root, path)) {
      if (content.bytes) seen.add(blobId(content.bytes, index[0]?.id));
      yield content;
    }
  }
  yield* blobContents(
    root,
    [...index, ...pushed].filter(({ id }) => !seen.has(id)),
  );
}

/** What is staged and differs from the last commit. Throws an OperatorError with git's own words when git fails. */
export async function* stagedContents(root: string): AsyncGenerator<Content> {
  yield* blobContents(root, await stagedBlobs(root));
}

/** A file as git would take it. Of a link that is its target's path. What is neither, such as a named pipe, is not read. */
function* workingFile(root: string, path: string): Generator<Content> {
  const file = join(root, path);
  const stats = statsOf(file);
  if (stats?.isSymbolicLink()) yield { path, place: "", bytes: readlinkSync(file, { encoding: "buffer" }) };
  if (stats?.isFile()) yield { path, place: "", bytes: stats.size > limit ? undefined : readFileSync(file) };
}

/** What a path leads to; undefined when the file was deleted and git does not know yet. */
function statsOf(file: string) {
  try {
    return lstatSync(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
