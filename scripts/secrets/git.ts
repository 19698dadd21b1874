import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { GitError, unknownCommit } from "../lib/git.ts";
import { quietly, withInput } from "../lib/program.ts";
import { type Content, limit, type Place } from "./content.ts";

/** A file of the index or of a commit, or a commit, among git's objects. */
export interface Blob {
  id: string;
  path: string;
  place: Place;
}

/** Whether a folder is in a git repository, or a variable names one, as in git's hooks. */
export function isRepository(root: string): boolean {
  if (process.env.GIT_DIR || existsSync(join(root, ".git"))) return true;
  return dirname(root) !== root && isRepository(dirname(root));
}

/** The files that git would take but does not track yet. Throws a GitError when git fails. */
export const untracked = async (root: string): Promise<string[]> =>
  records(await git(root, ["ls-files", "-z", "--others", "--exclude-standard"]));

/** All files of the index. Throws a GitError when git fails. */
export const indexBlobs = async (root: string): Promise<Blob[]> =>
  records(await git(root, ["ls-files", "-z", "--stage"])).flatMap((record) => {
    const [, mode = "", id = "", path = ""] = /^(\d+) (\w+) \d\t(.*)$/s.exec(record) ?? [];
    return isFile(mode) ? [{ id, path, place: "staged" as const }] : [];
  });

/** The files of the index that differ from the last commit. Throws a GitError when git fails. */
export const stagedBlobs = async (root: string): Promise<Blob[]> =>
  changedBlobs(
    await git(root, ["diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff"]),
    "staged",
  );

/**
 * The commits of a push, and every file that one of them added or changed, even if a later one removed it.
 *
 * @param since as for `allContents`.
 * @throws {GitError} when git fails.
 */
export async function pushedBlobs(root: string, since?: string): Promise<Blob[]> {
  const commits = await pushedCommits(root, since);
  if (commits.length === 0) return [];
  // `git log` would leave out what only a merge changed, and obey attributes that hide a difference.
  const options = ["--stdin", "-r", "-m", "--root", "--relative", "--raw", "-z", "--no-renames", "--no-abbrev"];
  const trees = await git(root, ["diff-tree", ...options], `${commits.join("\n")}\n`);
  // The id of each commit, once for each parent, followed by what it changed.
  const changed = trees.split(/(?:^|\0)([0-9a-f]{40,64})\0/).slice(1);
  return [
    ...commits.map((id) => ({ id, path: "", place: commitPlace(id) })),
    ...changed.flatMap((id, i) => (i % 2 === 0 ? changedBlobs(changed[i + 1] ?? "", commitPlace(id)) : [])),
  ];
}

async function pushedCommits(root: string, since?: string): Promise<string[]> {
  const unborn = (await run(root, ["rev-parse", "--quiet", "--verify", "HEAD"])).exitCode === 1;
  if (unborn) return [];
  const list = async (...range: string[]) => lines(await git(root, ["rev-list", "HEAD", ...range]));
  if (since) {
    if (/^0+$/.test(since)) return list();
    const isKnown = (await run(root, ["rev-parse", "--quiet", "--verify", `${since}^{commit}`])).exitCode === 0;
    if (!isKnown) throw unknownCommit(since);
    return list("--not", since);
  }
  const [line = ""] = lines(await git(root, ["rev-list", "--parents", "--max-count=1", "HEAD"]));
  const [, parent] = line.split(" ");
  const last = parent === undefined ? await list() : await list("--not", parent);
  const hasRemote = (await git(root, ["for-each-ref", "--count=1", "refs/remotes"])) !== "";
  return [...new Set([...(hasRemote ? await list("--not", "--remotes") : []), ...last])];
}

/** The blobs in the output of `git diff --raw -z`: ":old-mode new-mode old-id new-id status", then the path. */
const changedBlobs = (raw: string, place: Place): Blob[] =>
  [...raw.matchAll(/:\d+ (\d+) \w+ (\w+) \w+\0([^\0]*)\0?/g)].flatMap(([, mode = "", id = "", path = ""]) =>
    isFile(mode) ? [{ id, path, place }] : [],
  );

// A file, executable or not, or a link, whose content is the path of its target. Not a submodule or a deleted file.
const isFile = (mode: string) => mode.startsWith("10") || mode.startsWith("12");

const commitPlace = (id: string): Place => `commit ${id.slice(0, 7)}`;

/** The id that git gives to a file's content, with the hash algorithm of another id. */
export const blobId = (bytes: Buffer, like = ""): string =>
  hash(like.length === 64 ? "sha256" : "sha1", Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));

// Read at a time, so that a long history is never in memory as a whole.
const batchBytes = 32_000_000;

/** The contents of some blobs, each once, in their order. Throws a GitError when git fails. */
export async function* blobContents(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const wanted = [...new Map(blobs.toReversed().map((blob) => [blob.id, blob])).values()].toReversed();
  const sizes = await sizesOf(root, wanted);
  let group: Blob[] = [];
  let bytes = 0;
  for (const [i, blob] of wanted.entries()) {
    const size = sizes[i] ?? 0;
    if (size > limit) yield { path: blob.path, place: blob.place, bytes: undefined };
    else if (bytes + size <= batchBytes) [group, bytes] = [[...group, blob], bytes + size];
    else {
      yield* read(root, group);
      [group, bytes] = [[blob], size];
    }
  }
  yield* read(root, group);
}

async function sizesOf(root: string, blobs: readonly Blob[]): Promise<number[]> {
  const answers = lines(await git(root, ["cat-file", "--batch-check=%(objectsize)"], ids(blobs)));
  return blobs.map(({ path, place }, i) => {
    const size = Number(answers[i]);
    // In a partial clone the answer can be "<id> missing".
    if (!Number.isInteger(size)) throw new OperatorError(`git cannot read ${path} (${place}): ${answers[i]}`);
    return size;
  });
}

async function* read(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const bytes = (await run(root, ["cat-file", "--batch"], ids(blobs))).buffer();
  let at = 0;
  for (const { path, place } of blobs) {
    // "<id> <type> <size>" on a line, then the content and a line break.
    const start = bytes.indexOf("\n", at) + 1;
    const [, type, size] = bytes.toString("utf8", at, start).split(" ");
    const content = bytes.subarray(start, start + Number(size));
    yield { path, place, bytes: type === "commit" ? content.subarray(content.indexOf("\n\n") + 2) : content };
    at = start + Number(size) + 1;
  }
}

const ids = (blobs: readonly Blob[]) => blobs.map(({ id }) => `${id}\n`).join("");

const records = (output: string) => output.split("\0").filter(Boolean);
const lines = (output: string) => output.split("\n").filter(Boolean);

async function git(root: string, args: readonly string[], input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run(root, args, input);
  if (exitCode !== 0) throw new GitError(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

const run = (root: string, args: readonly string[], input = "") =>
  // What a partial clone lacks is not fetched: validation works without a network.
  withInput(quietly({ cwd: root, env: { ...process.env, GIT_NO_LAZY_FETCH: "1" } })`git ${args}`, input);
