import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesAt } from "./tree.ts";

// Beside the installed packages: git ignores it, and a new installation starts without.
const stampFile = "node_modules/.cache/gen.json";

// generators/node_modules is part of it: its links change with a package's version.
const inputs = ["generators", "package.json", "pnpm-lock.yaml"];
const outputs = ["base", "overlays", "README.md"];

/** What a run of gen found: networks by name, and how many files they render to. */
export interface Summary {
  names: string[];
  files: number;
}

/** A fingerprint of all that decides what gen renders, but for what lies below overlays/. Take it before rendering. */
export const inputsPrint = (root: string) => fingerprint(root, inputs);

/** Notes that the tree on disk is what these inputs render to. */
export function writeStamp(root: string, inputsBefore: string, summary: Summary): void {
  const file = join(root, stampFile);
  const stamp = JSON.stringify({ inputs: inputsBefore, outputs: fingerprint(root, outputs), summary });
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stamp);
  } catch {
    // Where packages are installed for reading only, every run is a whole one.
  }
}

/** The summary of the last whole run, if no file that it read or wrote was touched since: rendering would change none. */
export function currentSummary(root: string): Summary | undefined {
  try {
    const stamp = JSON.parse(readFileSync(join(root, stampFile), "utf8"));
    const isCurrent = stamp.inputs === fingerprint(root, inputs) && stamp.outputs === fingerprint(root, outputs);
    return isCurrent ? stamp.summary : undefined;
  } catch {
    // No stamp, or half of one: the whole run knows better.
    return undefined;
  }
}

/**
 * Like git's index: a file whose inode, size and times are the same has the same content. The time of change (ctime)
 * follows every write and can't be set back.
 */
function fingerprint(root: string, places: readonly string[]): string {
  const lines = places
    .flatMap((place) => filesAt(root, place))
    .map((path) => {
      const { ino, size, mtimeMs, ctimeMs } = lstatSync(`${root}/${path}`);
      return `${path}\0${ino} ${size} ${mtimeMs} ${ctimeMs}\n`;
    });
  return createHash("sha256").update(process.version).update(lines.join("")).digest("hex");
}
