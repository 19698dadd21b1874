import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { onTestFailed } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

/**
 * Starts the command itself with some arguments, and with temporary files in a place of their own. What it says is shown
 * when the test that starts it fails.
 */
export function runTests(args: string[], temporary: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const command = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/cluster/vitest.config.ts", ...args];
  // Beside that place, of which tests say that nothing is left in it.
  const file = `${temporary}.log`;
  const output = openSync(file, "a");
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { PATH, HOME, XDG_CACHE_HOME, TMPDIR: temporary, ...more },
    // Its own group, as a shell makes one for a command.
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  onTestFailed(() => console.error(readFileSync(file, "utf8")));
  return child;
}
