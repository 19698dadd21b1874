import { spawn } from "node:child_process";
import { OperatorError } from "generators/operator-error.ts";

/** Git can't say what it was asked, although there is a repository. The message holds git's own words. */
export class GitError extends OperatorError {}

/** How git is run. */
export interface GitOptions {
  /** What git reads from its standard input. */
  input?: string;
  /**
   * Whether the repository and the index are those that the environment names, as in git's hooks: a commit of some files
   * has an index of its own. Without it they are those of the folder, wherever the command was started from.
   */
  inHook?: boolean;
}

/** What git wrote, and the code that it ended with: 127 where it could not be started. */
export interface Answer {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Runs git in a folder; the caller judges its exit code. */
export function runGit(root: string, args: readonly string[], options: GitOptions = {}): Promise<Answer> {
  const { input = "", inHook = false } = options;
  return new Promise((resolve) => {
    const git = spawn("git", args, { cwd: root, env: environment(inHook), stdio: "pipe", windowsHide: true });
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

/**
 * What git writes.
 *
 * @throws {GitError} when it fails.
 */
export async function askGit(root: string, args: readonly string[], options?: GitOptions): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(root, args, options);
  if (code === 0) return stdout;
  const words = stderr.trim().replaceAll(/\s*\n\s*/g, " ") || `exit code ${code}`;
  const hint = /promisor|lazy fetching/.test(words) ? `; ${forPartialClone}` : "";
  throw new GitError(`\`git ${args[0]}\` failed: ${words}${hint}`);
}

/** What helps where git lacks an object that is not fetched. */
export const forPartialClone = "if this is a partial clone, run `git fetch --refetch --no-filter`";

// Git's own English, nothing written into the repository, nobody asked for a password, and what a partial clone lacks is not
// fetched: validation works without a network.
const settings = { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1" };

// What a hook's environment says of the repository.
const ofHook = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
};

const environment = (inHook: boolean) => ({ ...process.env, ...settings, ...(!inHook && ofHook) });
