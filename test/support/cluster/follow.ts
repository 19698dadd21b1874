import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Where a shell runs a runbook's commands. */
export interface Setting {
  cwd?: string;
  env: Record<string, string>;
}

/**
 * Has a shell run the commands that are under a runbook's heading; returns what they print.
 *
 * @throws {Error} when they fail, with all that they said.
 */
export async function follow(heading: string, [program, ...args]: [string, ...string[]], setting: Setting) {
  const child = spawn(program, args, { ...setting, stdio: ["ignore", "pipe", "pipe"] });
  const [code, output, errors] = await Promise.all([
    new Promise((done) => child.once("close", done)),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`the commands under "${heading}" failed: ${output}${errors}`);
  return output;
}
