import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { $ } from "zx/core";

/** A path as the caller meant it: pnpm runs scripts in the repository's root, wherever it was called. */
export const callersPath = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/**
 * The text of a file that the caller names with an option.
 *
 * @throws {OperatorError} when it can't be read.
 */
export function readCallersFile(path: string, option: string): string {
  try {
    return readFileSync(callersPath(path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(`${path} can't be read (${code}): name a file with ${option}`);
  }
}

/**
 * The folder of testnet artifacts.
 *
 * @throws {OperatorError} when it is not there, or git could pick up the secrets in it.
 */
export async function artifactsFolder(from: string): Promise<string> {
  const folder = callersPath(from);
  if (!existsSync(folder)) throw new OperatorError(`${from} is not there: name the artifacts' folder with --from`);
  if (!statSync(folder).isDirectory())
    throw new OperatorError(`${from} is not a folder: name the artifacts' one with --from`);
  const git = $({ cwd: folder, nothrow: true, quiet: true, env: { ...process.env, LC_ALL: "C" } });
  const inside = await git`git rev-parse --is-inside-work-tree`;
  if (inside.exitCode !== 0 && !inside.stderr.includes("not a git repository (or any")) {
    throw new OperatorError(`git can't tell whether it would pick up ${from}: ${inside.stderr.trim()}`);
  }
  if (inside.stdout.trim() !== "true") return folder;
  const tracked = await git`git ls-files .`;
  if (tracked.stdout.trim() !== "")
    throw new OperatorError(`${from} holds files that git tracks: secrets must never be there`);
  if ((await git`git check-ignore --quiet .`).exitCode !== 0) {
    throw new OperatorError(
      `${from} lies in a git work tree that does not ignore it: add it to .gitignore, or move it out`,
    );
  }
  return folder;
}
