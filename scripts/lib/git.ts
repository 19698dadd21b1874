import { spawn } from "node:child_process";
import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";

/** What git wrote, and the code that it ended with. */
interface Answer {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Git can't say what it was asked, although there is a repository. The message holds git's own words. */
export class GitError extends OperatorError {}

/** The root of the repository that a folder is in, known by its `.git`, whether or not git can read that. */
export function repositoryOf(folder: string): string | undefined {
  if (lstatSync(join(folder, ".git"), { throwIfNoEntry: false })) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}

/** The files that git tracks or would add, relative to a folder; undefined where git does not say. */
export async function trackedFiles(root: string): Promise<string[] | undefined> {
  const { code, stdout } = await answer(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  return code === 0 ? stdout.toString().split("\0").filter(Boolean) : undefined;
}

/**
 * The commit that a repository stands at; undefined before the first one.
 *
 * @throws {GitError} when git does not say.
 */
export async function headCommit(root: string): Promise<string | undefined> {
  await ask(root, ["rev-parse", "--git-dir"]);
  const head = await commitNamed(root, "HEAD");
  if (head !== undefined) return head;
  // A branch without a commit is one that no ref has. A broken ref is something else, of which git warns.
  const branch = await ask(root, ["symbolic-ref", "HEAD"]);
  const refs = await answer(root, ["for-each-ref", branch.toString().trim()]);
  if (refs.code === 0 && refs.stdout.length === 0 && refs.stderr === "") return undefined;
  throw new GitError(`git can't read HEAD: ${refs.stderr.trim() || "its commit is missing or broken"}`);
}

/** The id of the commit that a name stands for; undefined where there is none, or it is not here. */
export async function commitNamed(root: string, name: string): Promise<string | undefined> {
  const { code, stdout } = await answer(root, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${name}^{commit}`,
  ]);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/**
 * The first parent of a commit, which may not be in a shallow clone; undefined for a first commit.
 *
 * @throws {GitError} when git does not say.
 */
export async function parentOf(root: string, commit: string): Promise<string | undefined> {
  const text = (await ask(root, ["cat-file", "commit", commit])).toString();
  const [header = ""] = text.split("\n\n");
  return /^parent ([0-9a-f]{40,64})$/m.exec(header)?.[1];
}

/** The error for a commit that `--since` names and the clone lacks. */
export const unknownCommit = (since: string) =>
  new OperatorError(`--since ${since}: this clone has no such commit; fetch it, or name another one`);

/** Whether the clone holds only the newest part of the history. */
export const isShallow = async (root: string): Promise<boolean> =>
  (await answer(root, ["rev-parse", "--is-shallow-repository"])).stdout.toString().trim() === "true";

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
  const listed = (await ask(root, ["ls-tree", "-r", "-z", commit, "--", ...places])).toString();
  return new Map(
    [...listed.matchAll(/(\d+) blob ([0-9a-f]+)\t([^\0]+)\0/g)]
      .filter(([, mode]) => mode !== "120000")
      .map(([, , id = "", path = ""]) => [path, id]),
  );
}

/**
 * The contents of files by their ids.
 *
 * @throws {GitError} when git does not have one of them.
 */
export async function contentsOf(root: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (ids.length === 0) return contents;
  const bytes = await ask(root, ["cat-file", "--batch"], ids.map((id) => `${id}\n`).join(""));
  let at = 0;
  for (const id of ids) {
    const end = bytes.indexOf("\n", at);
    // "<id> <type> <size>" and the content, or "<id> missing".
    const line = bytes.toString("utf8", at, end);
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(line) ?? [];
    if (size === undefined) throw new GitError(`git can't read a file: ${line}`);
    contents.set(id, bytes.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}

async function ask(root: string, args: readonly string[], input?: string): Promise<Buffer> {
  const { code, stdout, stderr } = await answer(root, args, input);
  if (code === 0) return stdout;
  throw new GitError(`\`git ${args[0]}\` fails: ${stderr.trim().replaceAll(/\s*\n\s*/g, " ") || `exit code ${code}`}`);
}

function answer(root: string, args: readonly string[], input = ""): Promise<Answer> {
  return new Promise((resolve) => {
    const git = spawn("git", args, { cwd: root, env: environment(), stdio: "pipe", windowsHide: true });
    const stdout: Buffer[] = [];
    let stderr = "";
    git.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
    git.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    git.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      resolve({ code: 127, stdout: Buffer.of(), stderr: code === "ENOENT" ? "git is not on the PATH" : message });
    });
    git.on("close", (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr }));
    // One that ends without reading all of it is known by its exit code.
    git.stdin.on("error", () => {}).end(input);
  });
}

// Git's own English, nothing written into the repository, nobody asked for a password. A hook's GIT_DIR would name another
// repository than the one that the folder is in.
const environment = () => ({
  ...process.env,
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
});
