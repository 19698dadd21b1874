import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";

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
