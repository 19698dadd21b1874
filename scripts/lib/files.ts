import { readdirSync } from "node:fs";
import { join } from "node:path";

// Never committed.
const skipped = ["node_modules", ".git"];

/** Every file below a folder, relative to it, except git's own and those of installed packages. */
export const everyFile = (root: string, folder = ""): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : everyFile(root, path);
    return entry.isFile() ? [path] : [];
  });
