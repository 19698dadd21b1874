import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { askGit, GitError, type GitOptions, runGit } from "./run-git.ts";

/** The root of the repository that a folder is in, known by its `.git`, whether or not git can read that. */
export function repositoryOf(folder: string): string | undefined {
  if (lstatSync(join(folder, ".git"), { throwIfNoEntry: false })) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}

/** The files that git tracks or would add, relative to a folder; undefined where git does not say. */
export async function trackedFiles(root: string): Promise<string[] | undefined> {
  const { code, stdout } = await runGit(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  return code === 0 ? stdout.toString().split("\0").filter(Boolean) : undefined;
}

/**
 * The commit that a repository stands at; undefined before the first one.
 *
 * @throws {GitError} when git does not say.
 */
export async function headCommit(root: string): Promise<string | undefined> {
  await askGit(root, ["rev-parse", "--git-dir"]);
  const head = await commitNamed(root, "HEAD");
  if (head !== undefined) return head;
  // A branch without a commit is one that no ref has. A broken ref is something else, of which git warns.
  const branch = await askGit(root, ["symbolic-ref", "HEAD"]);
  const refs = await runGit(root, ["for-each-ref", branch.toString().trim()]);
  if (refs.code === 0 && refs.stdout.length === 0 && refs.stderr === "") return undefined;
  throw new GitError(`git can't read HEAD: ${refs.stderr.trim() || "its commit is missing or broken"}`);
}

/** The id of the commit that a name stands for; undefined where there is none, or it is not here. */
export async function commitNamed(root: string, name: string, options?: GitOptions): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const { code, stdout } = await runGit(root, args, options);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/**
 * The first parent of a commit, which may not be in a shallow clone; undefined for a first commit.
 *
 * @throws {GitError} when git does not say.
 */
export async function parentOf(root: string, commit: string): Promise<string | undefined> {
  const text = (await askGit(root, ["cat-file", "commit", commit])).toString();
  const [header = ""] = text.split("\n\n");
  return /^parent ([0-9a-f]{40,64})$/m.exec(header)?.[1];
}

/**
 * The id of the commit that `--since` names; undefined where it names none: forges name the commit before a first push by
 * zeros, or not at all.
 *
 * @throws {OperatorError} when the clone does not have it.
 */
export async function commitSince(root: string, since = "", options?: GitOptions): Promise<string | undefined> {
  if (/^0*$/.test(since)) return undefined;
  const commit = await commitNamed(root, since, options);
  if (commit !== undefined) return commit;
  throw new OperatorError(`--since ${since}: this clone has no such commit; fetch it, or name another one`);
}

/** Whether the clone holds only the newest part of the history. */
export const isShallow = async (root: string): Promise<boolean> =>
  (await runGit(root, ["rev-parse", "--is-shallow-repository"])).stdout.toString().trim() === "true";

/**
 * The regular files at or below some places in a commit: their ids, by path relative to the folder.
 *
 * @throws {GitError} when git does not say.
 */
export async function filesInCommit(
  root: string,
  commit: string,
  places: readonly string[],
): Promise<Map<string, string>> {
  const listed = (await askGit(root, ["ls-tree", "-r", "-z", commit, "--", ...places])).toString();
  return new Map(
    [...listed.matchAll(/(\d+) blob ([0-9a-f]+)\t([^\0]+)\0/g)]
      .filter(([, mode]) => mode !== "120000")
      .map(([, , id = "", path = ""]) => [path, id]),
  );
}
