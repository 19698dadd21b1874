import { readdirSync, readFileSync } from "node:fs";
import type { Place } from "tools/cluster/location.ts";
import { cgroup } from "tools/cluster/node/machine.ts";
import { startedIn } from "tools/cluster/supervisor.ts";

/** Memory of a cluster's programs and of its node's pods, in GiB; what processes share counts once. */
export function memoryOf(place: Place): number {
  const started = new Set(startedIn(place.folder));
  const pids = readdirSync("/proc").filter(
    (pid) => started.has(Number(pid)) || read(`/proc/${pid}/cgroup`).includes(cgroup(place)),
  );
  const kilobytes = pids.map((pid) => Number(/^Pss: +(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 2 ** 20;
}

/** A file of a process; empty when that is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
