// Whatever is built or downloaded once is kept outside the checkout, so that all checkouts and worktrees share it.
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { closeToOthers, requireOwned } from "./ownership.ts";

/** A path in the cache, `mezo-staging` below `$XDG_CACHE_HOME` or `~/.cache` (on macOS, too). */
export function cachePath(...parts: string[]): string {
  const xdg = process.env.XDG_CACHE_HOME ?? "";
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "mezo-staging", ...parts);
}

/** The first 12 hex digits of the SHA-256 of all parts. */
export function cacheKey(parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

const underway = new Map<string, Promise<string>>();

/**
 * Returns `target`, a file or a folder, after calling `make` if it does not exist yet.
 * `make` fills a temporary path, which is renamed at the end: nobody ever sees half a file, and when two processes make
 * the same thing, the later one changes nothing. The signal aborts when this process is told to end.
 *
 * @throws {OperatorError} when others than this user and root could have made or could change the target; and what `make`
 *   throws.
 */
export async function makeOnce(target: string, make: (temporary: string, signal: AbortSignal) => Promise<void>) {
  requireOwned(target, cachePath());
  if (exists(target)) return target;
  const making = underway.get(target) ?? makeNow(target, make).finally(() => underway.delete(target));
  underway.set(target, making);
  return making;
}

// Also of a link that leads nowhere.
const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

async function makeNow(target: string, make: (temporary: string, signal: AbortSignal) => Promise<void>) {
  // Whatever the umask is, the group does not write here.
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  // Beside the target, because a rename is atomic only within one file system.
  const folder = mkdtempSync(join(dirname(target), ".making-"));
  const temporary = join(folder, basename(target));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const abort = new AbortController();
  const end = (signal: NodeJS.Signals) => {
    abort.abort();
    remove();
    process.kill(process.pid, signal);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    await make(temporary, abort.signal);
    closeToOthers(temporary);
    await rename(temporary, target).catch((error: Error) => {
      // A rename does not replace a folder. If the target exists by now, another process was faster.
      if (!exists(target)) throw error;
    });
    return target;
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    remove();
  }
}
