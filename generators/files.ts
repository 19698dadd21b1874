import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "./operator-error.ts";

/** The size in bytes above which no file is read: a genesis, the largest of all, must fit into 1 MiB. */
export const largestFile = 64 * 2 ** 20;

/** Whether a link is followed to the file that it names. In a repository, Argo CD would not follow it. */
interface ReadOptions {
  follow?: boolean;
}

/**
 * The content of a file.
 *
 * @param path from the root, as messages name it.
 * @throws {OperatorError} when there is something else in its place, such as a folder, a link or a FIFO, when it is too
 * large, and when it can't be read. Without one, it fails with ENOENT.
 */
export function readRegular(root: string, path: string, { follow = false }: ReadOptions = {}): Buffer {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer, for ever.
    file = openSync(join(root, path), constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW));
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new OperatorError(`${path}: is ${kindOf(stats)}, not a file`);
    if (stats.size > largestFile) {
      const size = Math.round(stats.size / 2 ** 20);
      throw new OperatorError(`${path}: has ${size} MiB; the limit is ${largestFile / 2 ** 20} MiB`);
    }
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") throw new OperatorError(`${path}: is a link, not a file`);
    if (error instanceof OperatorError || code === "ENOENT" || code === "ENOTDIR") throw error;
    throw new OperatorError(`${path}: can't be read (${code})`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What stands in a file's place, in words: "a folder", "a link", "a FIFO". */
export function kindOf(stats: Stats): string {
  if (stats.isFile()) return "a file";
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a link";
  return stats.isFIFO() ? "a FIFO" : "a device or socket";
}
