import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterLocation, pidFile } from "../location.ts";

type Folder = Pick<ClusterLocation, "folder">;

/** The variable that says which cluster a process belongs to. Whatever the process starts, such as git, inherits it. */
export const clusterVariable = "MEZO_CLUSTER";

/** The environment in which a program sees a cluster's folder as its home, and finds the programs there first. */
export const isolatedEnvironment = ({ folder }: Folder) => ({
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  HOME: join(folder, "home"),
  TMPDIR: join(folder, "tmp"),
  [clusterVariable]: folder,
});

/** The ids of all processes that belong to a cluster. */
export const processesOf = ({ folder }: Folder): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(`${clusterVariable}=${folder}`));

/** The process id of each program as it was last started, by the program's name. */
export const programIds = (location: Folder): Record<string, number> =>
  JSON.parse(readFileSync(pidFile(location), "utf8"));

/** The names of a cluster's programs, and whether each one runs now. */
export function programStates(location: Folder): { name: string; isRunning: boolean }[] {
  const running = processesOf(location);
  return Object.entries(programIds(location)).map(([name, pid]) => ({ name, isRunning: running.includes(pid) }));
}

/** Kills all processes that belong to a cluster, and those that they start meanwhile. */
export async function killProcessesOf(location: Folder): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const pids = processesOf(location);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(50);
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // The process has ended, or belongs to another user.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has ended.
  }
}
