import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Tree } from "generators/tree.ts";

/** Writes the files of a tree below a folder. */
export function writeFiles(root: string, tree: Tree): void {
  for (const [path, content] of tree) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
