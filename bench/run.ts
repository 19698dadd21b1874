import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "scripts/cli.ts";

/** A command as a whole, as a person would start it. */
export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
}

/** Where runs leave what they print, and what ends them early. */
export interface Ground {
  folder: string;
  signal: AbortSignal;
}

/**
 * Runs a command, its standard output into the ground's file `stdout`, and returns the milliseconds it took.
 *
 * @throws {Failure} when it fails, with what it said.
 */
export async function time({ program, args, cwd, env }: Command, { folder, signal }: Ground): Promise<number> {
  signal.throwIfAborted();
  const [stdout, stderr] = ["stdout", "stderr"].map((name) => openSync(join(folder, name), "w"));
  const start = performance.now();
  // A process group of its own: what the command starts ends with it.
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", stdout, stderr],
    detached: true,
  });
  const end = () => child.pid && process.kill(-child.pid, "SIGKILL");
  signal.addEventListener("abort", end);
  try {
    const [code] = await once(child, "exit");
    const took = performance.now() - start;
    signal.throwIfAborted();
    if (code === 0) return took;
    const said = ["stdout", "stderr"].map((name) => readFileSync(join(folder, name), "utf8").trim().slice(-2000));
    throw new Failure(`${[program, ...args].join(" ")} failed:\n${said.join("\n")}`);
  } finally {
    signal.removeEventListener("abort", end);
    for (const fd of [stdout, stderr]) if (fd !== undefined) closeSync(fd);
  }
}

/** What a command prints. */
export async function output(command: Command, ground: Ground): Promise<string> {
  await time(command, ground);
  return readFileSync(join(ground.folder, "stdout"), "utf8");
}
