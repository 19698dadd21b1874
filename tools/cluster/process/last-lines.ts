import { readFileSync } from "node:fs";

/** The last 30 lines of a log. */
export const lastLines = (file: string): string =>
  readFileSync(file, "utf8").trimEnd().split("\n").slice(-30).join("\n");
