import { commitSince, repositoryOf } from "../lib/git.ts";
import { objectsOf, sizesOf } from "../lib/git-objects.ts";
import { askGit, GitError, runGit } from "../lib/run-git.ts";
import { type Content, limit, type Place } from "./content.ts";

/** A file of the index or of a commit, or a commit, among git's objects. */
export interface Blob {
  id: string;
  path: string;
  place: Place;
}

/** Whether a folder is in a git repository, or a variable names one, as in git's hooks. */
export const isRepository = (root: string): boolean => Boolean(process.env.GIT_DIR) || repositoryOf(root) !== undefined;

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
 * @throws {OperatorError} when the clone does not have the commit `since`.
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
  const unborn = (await runGit(root, ["rev-parse", "--quiet", "--verify", "HEAD"], inHook)).code === 1;
  if (unborn) return [];
  const list = async (...range: string[]) => lines(await git(root, ["rev-list", "HEAD", ...range]));
  if (since !== undefined) {
    const commit = await commitSince(root, since, inHook);
    return commit === undefined ? list() : list("--not", commit);
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

// Read at a time, so that a long history is never in memory as a whole.
const batchBytes = 32_000_000;

/** The contents of some blobs, each once, in their order. Throws a GitError when git fails. */
export async function* blobContents(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const wanted = [...new Map(blobs.toReversed().map((blob) => [blob.id, blob])).values()].toReversed();
  const sizes = await sizesOf(root, idsOf(wanted), inHook);
  let group: Blob[] = [];
  let bytes = 0;
  for (const [i, blob] of wanted.entries()) {
    const size = sizes[i] ?? 0;
    if (typeof size === "string") {
      throw new GitError(`git can't read ${blob.path === "" ? "" : `${blob.path}, `}${blob.place}: ${size}`);
    }
    if (size > limit) yield { path: blob.path, place: blob.place, bytes: undefined };
    else if (bytes + size <= batchBytes) [group, bytes] = [[...group, blob], bytes + size];
    else {
      yield* read(root, group);
      [group, bytes] = [[blob], size];
    }
  }
  yield* read(root, group);
}

async function* read(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const objects = await objectsOf(root, idsOf(blobs), inHook);
  for (const { id, path, place } of blobs) {
    const { type = "", bytes = Buffer.of() } = objects.get(id) ?? {};
    // Of a commit, the message.
    yield { path, place, bytes: type === "commit" ? bytes.subarray(bytes.indexOf("\n\n") + 2) : bytes };
  }
}

const idsOf = (blobs: readonly Blob[]) => blobs.map(({ id }) => id);

const records = (output: string) => output.split("\0").filter(Boolean);
const lines = (output: string) => output.split("\n").filter(Boolean);

// The hook before a commit searches what is about to be committed, which only its environment names.
const inHook = { inHook: true };

const git = async (root: string, args: readonly string[], input = ""): Promise<string> =>
  String(await askGit(root, args, { ...inHook, input }));
