import { chmodSync, lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { shellWord } from "../shell-word.ts";

const groupOrOthersWrite = 0o022;
const sticky = 0o1000;

/**
 * Makes sure that nobody but this user and root can have put something at a path of the cache, or can change it. As with
 * OpenSSH's StrictModes, the path and every folder up to `/` belong to one of the two, and neither the group nor others may
 * write there. Above the cache a sticky folder such as /tmp is fine: nobody can replace there what belongs to somebody else.
 * Links to folders are followed, and what they lead to is tested in the same way. What does not exist yet passes.
 *
 * @param root the folder of the whole cache.
 * @throws {OperatorError} with the path, what is wrong with it and what to do.
 */
export function requireOwned(path: string, root: string): void {
  // Windows has no such owners and modes. The cache is in the user's profile, which others cannot write.
  const user = process.getuid?.();
  if (user !== undefined) requireOwnedBy(user, path, root);
}

function requireOwnedBy(user: number, path: string, root: string): void {
  if (dirname(path) !== path) requireOwnedBy(user, dirname(path), root);
  const stats = statsOf(path, root);
  if (!stats) return;
  const isOfCache = isAtOrBelow(root, path);
  if (stats.uid !== user && stats.uid !== 0) {
    throw refused(path, `belongs to another user (uid ${stats.uid})`, isOfCache ? remedy(path) : elsewhere);
  }
  if (stats.isSymbolicLink()) {
    for (const target of targetsOf(path)) requireOwnedBy(user, target, root);
  } else if (isWritable(stats) && !(isSticky(stats) && !isOfCache)) {
    const chmod = `run \`chmod go-w ${shellWord(path)}\``;
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
    throw refused(
      path,
      `can be written by other users (mode ${mode})`,
      isOfCache ? chmod : `${chmod}, or ${elsewhere}`,
    );
  }
}

/** Of the path itself, if that is a link; undefined when there is nothing. */
function statsOf(path: string, root: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
    const folder = dirname(path);
    throw refused(folder, "is not a folder", isAtOrBelow(root, folder) ? remedy(folder) : elsewhere);
  }
}

const isAtOrBelow = (root: string, path: string) => `${path}/`.startsWith(`${root}/`);

const isWritable = ({ mode }: Stats) => (mode & groupOrOthersWrite) !== 0;
// On a file the bit means nothing.
const isSticky = (stats: Stats) => stats.isDirectory() && (stats.mode & sticky) !== 0;

/** What a link names, which can be a link itself, and where it leads to in the end. */
function targetsOf(link: string): string[] {
  try {
    return [resolve(realpathSync(dirname(link)), readlinkSync(link)), realpathSync(link)];
  } catch {
    throw refused(link, "is a link that leads nowhere", remedy(link));
  }
}

const elsewhere = "set XDG_CACHE_HOME to a folder that only you can write";

/** What to do about a path of the cache that cannot be trusted. */
export const remedy = (path: string) =>
  `run \`rm -r ${shellWord(path)}\`; the next command that needs it makes it again`;

/** The error for a path that cannot be trusted. */
export const refused = (path: string, what: string, fix: string) =>
  new OperatorError(`${path} ${what}, so the cache is not used: ${fix}`);

/** Takes the right to write from the group and others, whatever the umask gave them, of a path and all that is in it. */
export function closeToOthers(path: string): void {
  const inside = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: "utf8" }) : [];
  for (const each of [path, ...inside.map((name) => join(path, name))]) {
    const stats = statSync(each);
    // Only where it is needed: a file's time of change is part of what it is known by.
    if (isWritable(stats)) chmodSync(each, stats.mode & 0o7777 & ~groupOrOthersWrite);
  }
}
