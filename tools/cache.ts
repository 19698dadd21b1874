// What is built or downloaded once, outside the checkout, so that every checkout and worktree shares it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

/** A path in the cache: `$XDG_CACHE_HOME`, else `~/.cache` (on macOS too), then `mezo-staging`. */
export function cachePath(...parts: string[]): string {
  const xdg = process.env.XDG_CACHE_HOME ?? "";
  // The XDG specification: a relative path is to be ignored.
  return join(isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "mezo-staging", ...parts);
}

/** The first 12 hex digits of a SHA-256 over all parts. */
export function cacheKey(parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

const underway = new Map<string, Promise<string>>();

/**
 * Returns `target` (a file or a folder) once it exists, calling `make` if it does not.
 * `make` fills a temporary path that is renamed at the end: nobody ever sees half a file, and of two processes
 * that make the same thing the one that ends later changes nothing. The signal aborts when this process is told to end.
 * Throws what `make` throws.
 */
export function makeOnce(target: string, make: (temporary: string, signal: AbortSignal) => Promise<void>) {
  if (existsSync(target)) return Promise.resolve(target);
  const making = underway.get(target) ?? makeNow(target, make).finally(() => underway.delete(target));
  underway.set(target, making);
  return making;
}

async function makeNow(target: string, make: (temporary: string, signal: AbortSignal) => Promise<void>) {
  mkdirSync(dirname(target), { recursive: true });
  // Beside the target: a rename is atomic only within one file system.
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
    await rename(temporary, target).catch((error: Error) => {
      // A folder is not replaced by a rename. If it is there by now, another process was faster.
      if (!existsSync(target)) throw error;
    });
    return target;
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    remove();
  }
}
