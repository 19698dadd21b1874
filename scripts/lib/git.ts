import { OperatorError } from "generators/operator-error.ts";
import { quietly, withInput } from "./program.ts";

const git = (root: string) => quietly({ cwd: root });

/** Whether the clone holds only the newest part of the history. */
export async function isShallow(root: string): Promise<boolean> {
  return (await git(root)`git rev-parse --is-shallow-repository`).stdout.trim() === "true";
}

/** A commit or a file in git. */
export interface GitObject {
  id: string;
  content: string;
}

/**
 * The objects that names such as `HEAD^` or `HEAD:./file` stand for in a folder; undefined for those that do not exist,
 * and for all of them outside a repository.
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

/** The error for a commit that `--since` names and the clone lacks. */
export const unknownCommit = (since: string) =>
  new OperatorError(`--since ${since}: this clone has no such commit; fetch it, or name another one`);
