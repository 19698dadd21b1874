import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { text } from "scripts/diff/report/text.ts";
import { expect, test } from "vitest";
import { edited, pushed } from "../../support/diff.ts";
import { changes } from "./changes.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../docs/diff.md"), "utf8");

/** The examples of docs/diff.md, by what changes. */
const examples = [
  "a setting of the node",
  "one validator's setting",
  "another image of the same line",
  "a plan dropped",
  "all at once, with a setting",
  "one paused",
  "a port opened",
  "another namespace",
  "larger volumes",
  "memory of the sidecar",
];

test.each(examples)("docs/diff.md shows %s as it looks", async (what) => {
  const change = changes.find((each) => each.what === what);
  const diff = await pushed(edited(change?.was ?? {}), edited(change?.is ?? {}));
  const shown = stripVTControlCharacters(text({ commit: "abc1234", overlays: [diff] }));
  expect(page).toContain(`\`\`\`\n${shown.split("\n\n").slice(1).join("\n\n")}\n\`\`\``);
});
