import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Starts the command itself with some files, and with temporary files in a place of their own. */
export function runTests(files: string[], temporary: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const command = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/cluster/vitest.config.ts", ...files];
  return spawn(process.execPath, command, {
    cwd: root,
    env: { PATH, HOME, XDG_CACHE_HOME, TMPDIR: temporary, ...more },
    // Its own group, as a shell makes one for a command.
    detached: true,
    stdio: "ignore",
  });
}
