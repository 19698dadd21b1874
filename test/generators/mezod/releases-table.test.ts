import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Line } from "generators/mezod/line.ts";
import { lines } from "generators/mezod/releases.ts";
import { expect, test } from "vitest";

const page = readFileSync(join(resolve(import.meta.dirname, "../../.."), "docs/upgrades.md"), "utf8");

const blocks = (range: Line["testnet"]) => (range ? `${range[0]} – ${range[1] ?? ""}`.trim() : "never");
const entered = ({ entered }: Line) =>
  ({ genesis: "genesis", halt: `halt \`${"plan" in entered ? entered.plan : ""}\``, fork: "fork" })[entered.by];

const keysOf = ({ keys }: Line) =>
  Object.values(keys ?? {})
    .flatMap((each) => Object.keys(each))
    .map((key) => `\`${key}\``)
    .join(", ");

test("docs/upgrades.md has the lines of releases", () => {
  const rows = page
    .split("\n")
    .filter((line) => /^\| v\d/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    lines.map((line) => [line.run, blocks(line.testnet), blocks(line.mainnet), entered(line), keysOf(line)]),
  );
});
