import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import type { Report } from "./report.ts";
import { text } from "./text.ts";

/** The reports, by the name that `--output` takes. */
export const reports = { text, json, junit, github } satisfies Record<string, Report>;
