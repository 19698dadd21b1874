import { commandOf, judge, type Round, spread, targetsTable, timesTable, withResults } from "scripts/bench.ts";
import { describe, expect, test } from "vitest";

test.each([
  [[5], 5, 5, 5],
  [[3, 1, 2], 2, 1.5, 2.5],
  [[40, 10, 20, 30], 25, 17.5, 32.5],
  [[9, 1, 2, 3, 4, 5, 6, 7, 8], 5, 3, 7],
])("%j has the median %d, and half of it lies between %d and %d", (values, median, low, high) => {
  expect(spread(values)).toEqual({ median, low, high });
});

/** A round that meets every target exactly, but for the times given. */
const round = (given: Record<string, number> = {}): Round =>
  new Map(
    Object.entries({
      "Node with the imports of gen": 50,
      "gen, 5 validators": 140,
      "plain writing, 5 validators": 30,
      "gen, 100 validators": 60,
      "plain writing, 100 validators": 50,
      "gen, 1000 validators": 600,
      "plain writing, 1000 validators": 100,
      validate: 130,
      "the programs of validate": 100,
      ...given,
    }),
  );

const verdicts = (...rounds: Round[]) => judge(rounds).map(({ isMet }) => isMet);

describe("a target", () => {
  test("is met by a value that just reaches it", () => {
    expect(verdicts(round())).toEqual([true, true, true, true]);
  });

  test.each([
    ["gen, 5 validators", 141, [false, true, true, true]],
    ["Node with the imports of gen", 49, [false, true, true, true]],
    ["plain writing, 1000 validators", 99, [true, false, true, true]],
    ["gen, 100 validators", 59, [true, true, false, true]],
    ["gen, 1000 validators", 601, [true, false, false, true]],
    ["validate", 131, [true, true, true, false]],
    ["the programs of validate", 99, [true, true, true, false]],
  ])("is missed with %s at %d ms", (row, milliseconds, expected) => {
    expect(verdicts(round({ [row]: milliseconds }))).toEqual(expected);
  });

  test("is judged by the median of the rounds", () => {
    const slow = round({ validate: 1000 });
    expect(verdicts(slow, round(), round())).toEqual([true, true, true, true]);
    expect(verdicts(slow, slow, round())).toEqual([true, true, true, false]);
  });

  test("takes its ratio within each round, so that a slow machine does not count", () => {
    const busy = round({ validate: 1300, "the programs of validate": 1000 });
    expect(verdicts(busy, round(), round({ validate: 13, "the programs of validate": 10 }))[3]).toBe(true);
  });

  test("is missed when a command was not measured", () => {
    const { validate: _, ...others } = Object.fromEntries(round());
    expect(verdicts(new Map(Object.entries(others)))).toEqual([true, true, true, false]);
  });
});

describe("the tables", () => {
  test("have a row for each command, with its median and spread", () => {
    const rows = timesTable([round({ validate: 100 }), round({ validate: 200 }), round({ validate: 300 })]).split("\n");
    expect(rows[0]).toMatch(/^\| command +\| median ms \| middle half ms \|$/);
    expect(rows).toHaveLength(2 + round().size);
    expect(rows.find((row) => row.startsWith("| validate "))).toMatch(/\| +200 \| +150–250 \|$/);
  });

  test("say plainly which target is missed", () => {
    const rows = targetsTable(judge([round({ validate: 160, "gen, 5 validators": 100 })])).split("\n");
    expect(rows.find((row) => row.includes("over Node"))).toMatch(/\| +90 ms \| +50 ms \| +50–50 \| +met \|$/);
    expect(rows.find((row) => row.includes("its programs"))).toMatch(
      /\| +1.30 × \| +1.60 × \| +1.60–1.60 \| +missed \|$/,
    );
  });
});

test("results go between the marks of the page, and nothing else changes", () => {
  const page = "a\n<!-- results -->\n\nold $& table\n\n<!-- end of results -->\nb\n";
  const filled = withResults(page, "new $& table");
  expect(filled).toBe(page.replace("old $& table", () => "new $& table"));
  expect(withResults(filled, "new $& table")).toBe(filled);
  expect(() => withResults("a page without marks", "")).toThrow("docs/speed.md: the marks around the results");
});

test("a script of package.json is run with its variables by the Node that runs the benchmark", () => {
  expect(commandOf("A=b/c D=e=f node scripts/gen.ts --check", "/place")).toEqual({
    program: process.execPath,
    args: ["scripts/gen.ts", "--check"],
    cwd: "/place",
    env: { A: "b/c", D: "e=f" },
  });
  expect(commandOf("node scripts/bench.ts", "/place")).toMatchObject({ args: ["scripts/bench.ts"], env: {} });
});
