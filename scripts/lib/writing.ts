import { mendTree } from "generators/write-journal.ts";
import { warn } from "./report.ts";

/**
 * What a command that writes does first: it mends what a killed one has left, and from then on ends by a signal only
 * while no file is being moved. With a listener, a signal waits until the files are in place.
 */
export function beginWriting(root: string): void {
  for (const [signal, number] of [
    ["SIGHUP", 1],
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.on(signal, () => process.exit(128 + number));
  }
  const mended = mendTree(root);
  if (mended > 0) warn("a command was killed while it replaced files; they are as they were before it");
}
