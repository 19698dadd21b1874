import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterLocation, logsFolder, pidFile } from "../location.ts";
import { eventually } from "../wait.ts";
import { lastLines } from "./last-lines.ts";
import { isolatedEnvironment, killProcessesOf } from "./processes.ts";
import type { Program } from "./program.ts";

const readyWithinSeconds = 60;
const restartAfterMilliseconds = 500;

/**
 * Runs programs in a cluster's folder. One that ends after it was ready is started again, as a kubelet would. However this
 * process ends, they die with it.
 */
export function supervise(location: Pick<ClusterLocation, "folder">) {
  const running = new Map<string, ChildProcess>();
  const logs = logsFolder(location);
  mkdirSync(logs);
  let isStopping = false;

  function launch(program: Program): ChildProcess {
    const child = spawnProgram(location, program);
    running.set(program.name, child);
    writeProgramIds(location, running);
    return child;
  }

  function restartWhenItEnds(program: Program, child: ChildProcess): void {
    const restart = async () => {
      await sleep(restartAfterMilliseconds);
      if (!isStopping) restartWhenItEnds(program, launch(program));
    };
    if (hasEnded(child)) void restart();
    else child.once("exit", () => void restart());
  }

  return {
    /** Starts a program and waits until it is ready. Throws with the end of its log when it does not get ready. */
    async start(program: Program): Promise<void> {
      if (isStopping) throw new Error(`${program.name} is not started: the cluster is being stopped`);
      const child = launch(program);
      const ended = new Promise<never>((_, reject) => {
        child.once("error", reject);
        child.once("exit", (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
      });
      // Once it is ready, an end restarts it.
      ended.catch(() => {});
      try {
        await Promise.race([ended, eventually(program.isReady, readyWithinSeconds, "readiness")]);
      } catch (error) {
        const { message } = error as Error;
        throw new Error(`${program.name} is not ready: ${message}\n${lastLines(join(logs, program.name))}`);
      }
      restartWhenItEnds(program, child);
    },

    /** Kills every program and all that they started. None of them has anything to save. */
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.all([...running.values()].map(kill));
      await killProcessesOf(location);
    },
  };
}

function spawnProgram(location: Pick<ClusterLocation, "folder">, { name, command, args, env }: Program): ChildProcess {
  const log = openSync(join(logsFolder(location), name), "a");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], {
    cwd: location.folder,
    env: { ...isolatedEnvironment(location), ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => {});
  return child;
}

function writeProgramIds(location: Pick<ClusterLocation, "folder">, running: ReadonlyMap<string, ChildProcess>): void {
  const file = pidFile(location);
  const pids = Object.fromEntries([...running].map(([name, { pid }]) => [name, pid]));
  // Renamed, so that nobody reads half of it.
  writeFileSync(`${file}.new`, JSON.stringify(pids));
  renameSync(`${file}.new`, file);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await end;
}
