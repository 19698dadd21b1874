import { appendFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { text } from "scripts/diff/report/text.ts";
import { test } from "vitest";
import { edited, pushed, said } from "../../support/diff.ts";
import { changes } from "./changes.ts";
writeFileSync("/tmp/r22d-dump.txt", "");
test("dump", { timeout: 600000 }, async () => {
  for (const { what, was = {}, is } of changes) {
    try {
      const diff = await pushed(edited(was), edited(is));
      appendFileSync("/tmp/r22d-dump.txt", `=== ${what}\n${said(diff).join("\n")}\n${process.env.FULL ? stripVTControlCharacters(text({ commit: "2f1c9ab", overlays: [diff] })):""}\n`);
    } catch (error) { appendFileSync("/tmp/r22d-dump.txt", `=== ${what}\n!!! ${(error as Error).message}\n`); }
  }
});
