import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { onTestFailed } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

/**
 * Starts this test command with its own arguments and folder for temporary files. Its output is shown when the test that
 * started it fails.
 */
export function runTests(args: string[], temporary: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const command = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/cluster/vitest.config.ts", ...args];
  // Outside of that folder, because tests check that nothing is left in it.
  const file = `${temporary}.log`;
  const output = openSync(file, "a");
  const child = spawn(process.execPath, command, {
    cwd: root,
    // Whatever part of the long tests this commit runs.
    env: { PATH, HOME, XDG_CACHE_HOME, TMPDIR: temporary, SAMPLE: "all", ...more },
    // A process group of its own, as a shell makes for a command.
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  onTestFailed(() => console.error(readFileSync(file, "utf8")));
  return child;
}
