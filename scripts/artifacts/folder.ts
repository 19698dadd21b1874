import { existsSync, statSync } from "node:fs";
import { OperatorError } from "generators/operator-error.ts";
import { callersPath } from "../lib/callers-path.ts";
import { quietly } from "../lib/program.ts";

/** Where the artifacts are unless --from names another folder. */
export const defaultArtifacts = ".public-testnet";

/**
 * The folder of testnet artifacts.
 *
 * @throws {OperatorError} when it does not exist, or when git could commit the secrets in it.
 */
export async function artifactsFolder(from: string): Promise<string> {
  const folder = callersPath(from);
  const name = "name the folder of the artifacts with --from";
  if (!existsSync(folder)) throw new OperatorError(`${from} does not exist: ${name}`);
  if (!statSync(folder).isDirectory()) throw new OperatorError(`${from} is not a folder: ${name}`);
  const git = quietly({ cwd: folder, env: { ...process.env, LC_ALL: "C" } });
  const inside = await git`git rev-parse --is-inside-work-tree`;
  if (inside.exitCode !== 0 && !inside.stderr.includes("not a git repository (or any")) {
    throw new OperatorError(`git can't tell whether it would commit ${from}: ${inside.stderr.trim()}`);
  }
  if (inside.stdout.trim() !== "true") return folder;
  const tracked = await git`git ls-files .`;
  if (tracked.stdout.trim() !== "") {
    throw new OperatorError(`git tracks files in ${from}: secrets must never be in a repository`);
  }
  if ((await git`git check-ignore --quiet .`).exitCode !== 0) {
    throw new OperatorError(
      `${from} is in a git work tree that does not ignore it: add it to .gitignore, or move it elsewhere`,
    );
  }
  return folder;
}
