import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ClusterLocation, nodePath } from "../location.ts";
import type { Program } from "../process/program.ts";
import { nodeAddress, serviceRange } from "./addresses.ts";
import { cgroupName } from "./cgroups.ts";

const pidFile = (location: ClusterLocation) => nodePath(location, "pid");

/**
 * The node's namespaces for processes, mounts and network, held by their first process. When that is killed, nothing that
 * ran in them is left except its cgroups. Needs root.
 */
export function nodeNamespaces(location: ClusterLocation): Program {
  const namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "private"];
  const script = join(import.meta.dirname, "init.sh");
  return {
    name: "node",
    command: "sh",
    args: [
      "-c",
      'rm -f "$0"; exec unshare "$@"',
      pidFile(location),
      ...namespaces,
      "sh",
      script,
      nodeAddress,
      serviceRange,
      pidFile(location),
      cgroupName(location),
    ],
    isReady: () => existsSync(pidFile(location)),
  };
}

// Entering a PID namespace takes another process, which must not outlive the first.
const enter = 'exec nsenter --target "$(cat "$0")" --net --mount --pid setpriv --pdeathsig KILL "$@"';

/** A program, run in the node's namespaces. */
export function inNode(location: ClusterLocation, program: Program): Program {
  const { command, args } = program;
  return { ...program, command: "sh", args: ["-c", enter, pidFile(location), command, ...args] };
}

/** Runs a command in the node's namespaces and returns its standard output. Throws when it fails. */
export async function runInNode(location: ClusterLocation, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", enter, pidFile(location), command, ...args], {
    maxBuffer: 2 ** 26,
  });
  return stdout;
}
