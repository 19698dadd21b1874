import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines, logsFolder } from "./logs.ts";
import { eventually } from "./wait.ts";

/** A program that a cluster consists of. */
export interface Program {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Resolves to whether it serves; asked until it does. Throws what hinders it. */
  isReady: () => unknown;
}

const readyWithin = 60;

/** Where the process ids of a cluster's programs are written, by the program's name. */
export const pidFile = (folder: string) => join(folder, "programs.json");

/**
 * Holds programs in a folder. One that ends after it was ready is started again, as a node's kubelet would. They die with
 * this process, however it ends.
 */
export function supervise(folder: string) {
  const running = new Map<string, ChildProcess>();
  const environment = isolated(folder);
  const logs = logsFolder({ folder });
  mkdirSync(logs);
  let isStopping = false;

  function launch(program: Program): ChildProcess {
    const { name, command, args, env } = program;
    const log = openSync(join(logs, name), "a");
    const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.on("error", () => {});
    running.set(name, child);
    const pids = Object.fromEntries([...running].map(([name, { pid }]) => [name, pid]));
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${pidFile(folder)}.new`, JSON.stringify(pids));
    renameSync(`${pidFile(folder)}.new`, pidFile(folder));
    return child;
  }

  function keep(program: Program, child: ChildProcess): void {
    const again = async () => {
      await sleep(500);
      if (!isStopping) keep(program, launch(program));
    };
    if (child.exitCode !== null || child.signalCode !== null) void again();
    else child.once("exit", () => void again());
  }

  return {
    /** Starts a program and waits until it is ready. Throws with the end of its log when it does not get there. */
    async start(program: Program): Promise<void> {
      if (isStopping) throw new Error(`${program.name} is not started: all end`);
      const child = launch(program);
      const ended = new Promise<never>((_, reject) => {
        child.once("error", reject);
        child.once("exit", (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
      });
      // Later ends are the keeper's.
      ended.catch(() => {});
      try {
        await Promise.race([ended, eventually(program.isReady, readyWithin)]);
      } catch (error) {
        const { message } = error as Error;
        throw new Error(`${program.name} is not ready: ${message}\n${lastLines(join(logs, program.name))}`);
      }
      keep(program, child);
    },

    /** Ends every program and all that they started. Nothing is worth keeping, so nothing is asked to save it. */
    async stop(): Promise<void> {
      isStopping = true;
      const ends = [...running.values()].map((child) => {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
        const end = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        return end;
      });
      await Promise.all(ends);
      await killStartedIn(folder);
    },
  };
}

/** What a program sees of the machine: a folder of its own for everything, and how to find programs. */
export const isolated = (folder: string) => ({
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  HOME: join(folder, "home"),
  TMPDIR: join(folder, "tmp"),
  [marker]: folder,
});

// Inherited by what the programs start: git, kustomize.
export const marker = "MEZO_CLUSTER";

/** A cluster's programs, by name, and whether each one runs now. */
export function programsOf(folder: string): { name: string; isAlive: boolean }[] {
  const alive = startedIn(folder);
  const pids: Record<string, number> = JSON.parse(readFileSync(pidFile(folder), "utf8"));
  return Object.entries(pids).map(([name, pid]) => ({ name, isAlive: alive.includes(pid) }));
}

/** The processes that programs of this cluster started, by what they inherited. */
export function startedIn(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(`${marker}=${folder}`));
}

/** Kills all of them, and what they start meanwhile. */
export async function killStartedIn(folder: string): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const left = startedIn(folder);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await sleep(50);
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // Gone meanwhile, or another user's.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone meanwhile.
  }
}
