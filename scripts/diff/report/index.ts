import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { text } from "./text.ts";

/** The forms, by the name that `--output` takes. */
export const forms = { text, markdown, json };
