import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { cachePath } from "../build/cache.ts";
import { type ClusterLocation, folderPrefix } from "./location.ts";

/** What commands know of a cluster that goes on after the command which started it. */
export interface ClusterState {
  location: ClusterLocation;
  /** The id of the cluster's process. */
  pid: number;
  /** Whether a real node runs its pods. */
  hasNode: boolean;
  /** The operator's own program that its pods run in place of the stand-in. */
  mezod?: string;
  /** Whether the network is deployed; until then, the command that starts the cluster is still at work. */
  isReady: boolean;
}

/** Where the one cluster of a user is noted. */
export const stateFile = () => cachePath("cluster.json");

/** Notes a cluster, wholly or not at all. Throws when one is noted already. */
export function createState(file: string, state: ClusterState): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = writeDraft(file, state);
  try {
    linkSync(draft, file);
  } finally {
    rmSync(draft);
  }
}

export function replaceState(file: string, state: ClusterState): void {
  renameSync(writeDraft(file, state), file);
}

function writeDraft(file: string, state: ClusterState): string {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state));
  return draft;
}

/** The cluster that is noted, whether it still runs or not; undefined when there is none, or the note cannot be read. */
export function readState(): ClusterState | undefined {
  try {
    const state: ClusterState = JSON.parse(readFileSync(stateFile(), "utf8"));
    // The folder will be removed, so it must be a cluster's, whatever the file says.
    return basename(state.location.folder).startsWith(folderPrefix) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a cluster's process still runs, and its id has not been taken by another process. */
export function isRunning({ pid, location }: ClusterState): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(location.folder);
  } catch {
    return false;
  }
}
