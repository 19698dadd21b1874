import { execFile } from "node:child_process";
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Place } from "../location.ts";
import type { Program } from "../supervisor.ts";
import { eventually } from "../wait.ts";

export const nodeName = "node-0";
/** Who its kubelet is to the API server. */
export const kubeletUser = "system:node:node-0";
/** The node's address in the network namespace that it is alone in. */
export const nodeAddress = "10.98.0.1";
export const podRange = "10.97.0.0/16";
export const serviceRange = "10.96.0.0/16";

/** A file or folder of the node's, on the machine and in the node alike. */
export const nodePath = ({ folder }: Place, ...path: string[]) => join(folder, "node", ...path);

const pidFile = (place: Place) => nodePath(place, "pid");
/** The cgroup below which the node's pods are. */
export const cgroup = ({ folder }: Place) => basename(folder);

/**
 * The machine that a node would be: namespaces of its own for processes, mounts and network, held by their first process.
 * Killed, nothing of what ran in them is left but its cgroups. Needs root.
 */
export function machine(place: Place): Program {
  const namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "private"];
  const script = join(import.meta.dirname, "init.sh");
  return {
    name: "node",
    command: "sh",
    args: [
      "-c",
      'rm -f "$0"; exec unshare "$@"',
      pidFile(place),
      ...namespaces,
      "sh",
      script,
      nodeAddress,
      serviceRange,
      pidFile(place),
      cgroup(place),
    ],
    isReady: () => existsSync(pidFile(place)),
  };
}

// Entering a namespace of processes takes another process, which must not outlive the first.
const enter = 'exec nsenter --target "$(cat "$0")" --net --mount --pid setpriv --pdeathsig KILL "$@"';

/** A program that runs in the node's namespaces. */
export function inNode(place: Place, program: Program): Program {
  const { command, args } = program;
  return { ...program, command: "sh", args: ["-c", enter, pidFile(place), command, ...args] };
}

/** Runs a command in the node's namespaces, and returns what it says. Throws when it fails. */
export async function runInNode(place: Place, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", enter, pidFile(place), command, ...args], {
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

const hierarchies = "/sys/fs/cgroup";

/** Removes the cgroups of a node that has ended, if there was one. Throws when something is left in them. */
export async function removeCgroups(place: Place): Promise<void> {
  for (const group of cgroupFolders(place)) {
    const below = readdirSync(group, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      // A cgroup's files go with it, those below it don't.
      .sort((a, b) => b.length - a.length);
    // The last process of one may still be on its way out.
    for (const path of [...below, group]) await eventually(() => remove(path), 10, `removal of ${path}`);
  }
}

/** With cgroup v1 there is one for each controller. */
function cgroupFolders(place: Place): string[] {
  if (!existsSync(hierarchies)) return [];
  return ["", ...readdirSync(hierarchies)]
    .map((hierarchy) => join(hierarchies, hierarchy, cgroup(place)))
    .filter((path) => existsSync(path));
}

function remove(path: string): true {
  rmdirSync(path);
  return true;
}
