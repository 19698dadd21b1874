import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Place } from "./location.ts";
import { nodePath } from "./node/machine.ts";

/** Where a cluster's programs write their logs. */
export const logsFolder = ({ folder }: Pick<Place, "folder">) => join(folder, "logs");

/** Where the pods of a real node do. */
export const podLogsFolder = (place: Place) => nodePath(place, "pod-logs");

/** The last lines of a log. */
export const lastLines = (file: string): string =>
  readFileSync(file, "utf8").trimEnd().split("\n").slice(-30).join("\n");

/** The last lines of every log that was written to since a time, in milliseconds; who said nothing is left out. */
export const logsSince = (place: Place, since: number): string =>
  [logsFolder(place), podLogsFolder(place)]
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => statSync(file).mtimeMs >= since)
    .map((file) => `--- ${relative(place.folder, file)}\n${lastLines(file)}\n`)
    .join("");
