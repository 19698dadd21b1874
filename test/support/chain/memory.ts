import { readdirSync, readFileSync } from "node:fs";
import type { ClusterLocation } from "tools/cluster/location.ts";
import { cgroupName } from "tools/cluster/node/cgroups.ts";
import { processesOf } from "tools/cluster/process/processes.ts";

/** The memory of a cluster's programs and of its node's pods, in GiB; memory that processes share counts once. */
export function memoryOf(location: ClusterLocation): number {
  const programs = new Set(processesOf(location));
  const pids = readdirSync("/proc").filter(
    (pid) => programs.has(Number(pid)) || read(`/proc/${pid}/cgroup`).includes(cgroupName(location)),
  );
  const kilobytes = pids.map((pid) => Number(/^Pss: +(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 2 ** 20;
}

/** A file about a process; empty when the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
