import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type ClusterLocation, logsFolder, podLogsFolder } from "tools/cluster/location.ts";
import { lastLines } from "tools/cluster/process/last-lines.ts";

/** The last lines of every log of a cluster that was written to since a time, in milliseconds. */
export const logsSince = (location: ClusterLocation, since: number): string =>
  [logsFolder(location), podLogsFolder(location)]
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => statSync(file).mtimeMs >= since)
    .map((file) => `--- ${relative(location.folder, file)}\n${lastLines(file)}\n`)
    .join("");
