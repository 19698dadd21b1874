import { $ } from "zx/core";
import { withInput } from "./program.ts";

const git = (root: string) => $({ cwd: root, nothrow: true, quiet: true });

/** The files that git has or would take, relative to a folder; undefined outside a repository. */
export async function trackedFiles(root: string): Promise<string[] | undefined> {
  const { exitCode, stdout } = await git(root)`git ls-files -z --cached --others --exclude-standard`;
  return exitCode === 0 ? stdout.split("\0").filter(Boolean) : undefined;
}

/** Whether history ends early because the clone fetched no more of it. */
export async function isShallow(root: string): Promise<boolean> {
  return (await git(root)`git rev-parse --is-shallow-repository`).stdout.trim() === "true";
}

/** A commit or a file as git has it. */
export interface GitObject {
  id: string;
  content: string;
}

/**
 * What git has by some names, such as `HEAD^` or `HEAD:./file` of the folder; undefined for what is not there, and for
 * all of them outside a repository.
 */
export async function gitObjects(root: string, names: readonly string[]): Promise<(GitObject | undefined)[]> {
  const output = await withInput(git(root)`git cat-file --batch`, names.map((name) => `${name}\n`).join(""));
  if (output.exitCode !== 0) return names.map(() => undefined);
  const bytes = output.buffer();
  let at = 0;
  return names.map(() => {
    const end = bytes.indexOf("\n", at);
    // "<id> <type> <size>" and the content, or "<name> missing".
    const [, id, size] = /^([0-9a-f]{40,64}) \w+ (\d+)$/.exec(bytes.toString("utf8", at, end)) ?? [];
    at = end + 1;
    if (id === undefined) return undefined;
    const content = bytes.toString("utf8", at, at + Number(size));
    at += Number(size) + 1;
    return { id, content };
  });
}
