import { hash } from "node:crypto";
import { askGit, forPartialClone, GitError, type GitOptions } from "./run-git.ts";

/** A blob or a commit among git's objects. */
export interface GitObject {
  type: string;
  bytes: Buffer;
}

/**
 * Objects by their ids, each once.
 *
 * @throws {GitError} when git does not have one of them.
 */
export async function objectsOf(
  root: string,
  ids: readonly string[],
  options?: GitOptions,
): Promise<Map<string, GitObject>> {
  const wanted = [...new Set(ids)];
  const objects = new Map<string, GitObject>();
  if (wanted.length === 0) return objects;
  const output = await askGit(root, ["cat-file", "--batch"], { ...options, input: asLines(wanted) });
  let at = 0;
  for (const id of wanted) {
    // "<id> <type> <size>" on a line, then the content and a line break; or "<id> missing" alone.
    const start = output.indexOf("\n", at) + 1;
    const line = output.toString("utf8", at, start).trimEnd();
    const [, type, size] = /^[0-9a-f]+ ([a-z]+) (\d+)$/.exec(line) ?? [];
    if (type === undefined) throw new GitError(`git can't read an object: ${line}${ofPartialClone(line)}`);
    const end = start + Number(size);
    objects.set(id, { type, bytes: output.subarray(start, end) });
    at = end + 1;
  }
  return objects;
}

/**
 * The sizes of objects in bytes, in their order; of one that git does not have, what git says.
 *
 * @throws {GitError} when git fails.
 */
export async function sizesOf(
  root: string,
  ids: readonly string[],
  options?: GitOptions,
): Promise<(number | string)[]> {
  if (ids.length === 0) return [];
  const args = ["cat-file", "--batch-check=%(objectsize)"];
  const lines = String(await askGit(root, args, { ...options, input: asLines(ids) })).split("\n");
  return ids.map((_, i) => {
    const line = lines[i] ?? "";
    return /^\d+$/.test(line) ? Number(line) : `${line}${ofPartialClone(line)}`;
  });
}

const asLines = (ids: readonly string[]) => ids.map((id) => `${id}\n`).join("");

const ofPartialClone = (line: string) => (line.endsWith(" missing") ? `; ${forPartialClone}` : "");

/** The id that git gives to a file's content, with the hash algorithm of another id. */
export const blobId = (bytes: Buffer, like = ""): string =>
  hash(like.length === 64 ? "sha256" : "sha1", Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
