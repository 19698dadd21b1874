import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { cachePath } from "../cache.ts";
import { removeLeft } from "./clean-up.ts";
import { folderPrefix, type Place } from "./location.ts";

/** A cluster that outlives the command which started it. */
export interface State {
  place: Place;
  /** The process that holds it. */
  holder: number;
  /** Whether a real node runs its pods. */
  hasNode: boolean;
  /** Whether the network is deployed; until then the command that starts it is at work. */
  isReady: boolean;
}

/** Where a user's one cluster is noted. */
export const stateFile = () => cachePath("cluster.json");

/** Notes a cluster whole or not at all. Throws where there is one. */
export function createState(file: string, state: State): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = write(file, state);
  try {
    linkSync(draft, file);
  } finally {
    rmSync(draft);
  }
}

export function replaceState(file: string, state: State): void {
  renameSync(write(file, state), file);
}

function write(file: string, state: State): string {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state));
  return draft;
}

/** The cluster that is noted, whether it lives or not; undefined where there is none, or nothing that can be read. */
export function readState(): State | undefined {
  try {
    const state: State = JSON.parse(readFileSync(stateFile(), "utf8"));
    // What is removed later must be a cluster's folder, whatever stands in the file.
    return basename(state.place.folder).startsWith(folderPrefix) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process that holds a cluster is there, and not another one that has its number now. */
export function isHeld({ holder, place }: State): boolean {
  try {
    return readFileSync(`/proc/${holder}/cmdline`, "utf8").includes(place.folder);
  } catch {
    return false;
  }
}

/** Removes what a cluster left whose holder is gone without a word: killed, or the machine was. */
export async function removeRest({ place }: State): Promise<void> {
  await removeLeft(place);
  rmSync(stateFile(), { force: true });
}
