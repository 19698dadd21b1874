import { $ } from "zx/core";
import { Failure } from "./cli.ts";

const git = (root: string, input = "") => $({ cwd: root, input, nothrow: true, quiet: true });

/** The files that git has or would take, relative to a folder; undefined outside a repository. */
export async function trackedFiles(root: string): Promise<string[] | undefined> {
  const { exitCode, stdout } = await git(root)`git ls-files -z --cached --others --exclude-standard`;
  return exitCode === 0 ? stdout.split("\0").filter(Boolean) : undefined;
}

/** A commit in short form; undefined when it is not here. */
export async function resolveCommit(root: string, name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await git(root)`git rev-parse --quiet --verify --short ${`${name}^{commit}`}`;
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** Whether history ends early because the clone fetched no more of it. */
export async function isShallow(root: string): Promise<boolean> {
  return (await git(root)`git rev-parse --is-shallow-repository`).stdout.trim() === "true";
}

/**
 * Files as they were at a commit, by path relative to the folder; those that were not there are left out.
 *
 * @throws {Failure} with git's own words when it can't read them.
 */
export async function filesAt(root: string, commit: string, paths: readonly string[]): Promise<Map<string, string>> {
  const names = paths.map((path) => `${commit}:./${path}\n`).join("");
  const output = await git(root, names)`git cat-file --batch`;
  const buffer = output.buffer();
  if (output.exitCode !== 0) throw new Failure(`git can't read ${commit}: ${output.stderr.trim()}`);
  const files = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = buffer.indexOf("\n", at);
    const header = buffer.toString("utf8", at, end);
    at = end + 1;
    // "<object> blob <size>", or "<name> missing".
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
    if (size === undefined) continue;
    files.set(path, buffer.toString("utf8", at, at + Number(size)));
    at += Number(size) + 1;
  }
  return files;
}
