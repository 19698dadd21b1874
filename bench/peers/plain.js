// Writes the files of a JSON object, path to content, below a folder.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [list, root] = process.argv.slice(2);
const files = Object.entries(JSON.parse(readFileSync(list, "utf8")));
for (const folder of new Set(files.map(([path]) => dirname(path)))) mkdirSync(join(root, folder), { recursive: true });
for (const [path, content] of files) writeFileSync(join(root, path), content);
