import { expect, test } from "vitest";
import { timing } from "../../bench/statistics.ts";
import { table, targetsTable } from "../../bench/table.ts";
import { judge } from "../../bench/targets.ts";

test.each([
  [[5], 5, 5],
  [[3, 1, 2], 1, 2],
  [[40, 10, 20, 30], 10, 25],
  [[100, 20, 3], 3, 20],
])("%j: minimum %d, median %d", (times, minimum, median) => {
  expect(timing(times)).toEqual({ minimum, median });
});

/** Times that meet every target, but for those given: by minima, and by medians. */
const judged = (given: Record<string, [minimum: number, median: number]>) => {
  const times = {
    "gen, 5": 200,
    "gen, 100": 300,
    "gen, 1000": 500,
    "gen, unchanged, 1000": 250,
    "plain writing, 1000": 200,
    "cdk8s synth, 5": 900,
    "kosko generate, 5": 400,
    "cdk8s synth, 1000": 3000,
    "kosko generate, 1000": 2000,
    "helm template, 1000": 500,
    "Node with gen's imports": 140,
    "validate, 5": 130,
    "kustomize and kubeconform, 5": 100,
  };
  const all = Object.entries(times).map(([name, time]) => {
    const [minimum, median] = given[name] ?? [time, time];
    return [name, { minimum, median }] as const;
  });
  return judge(new Map(all));
};

test("a target is met by minima and medians, missed by both, unclear by one", () => {
  const verdicts = (given: Parameters<typeof judged>[0]) => judged(given).map(({ verdict }) => verdict);
  expect(new Set(verdicts({}))).toEqual(new Set(["met"]));
  expect(verdicts({ "validate, 5": [131, 131] }).slice(-1)).toEqual(["missed"]);
  expect(verdicts({ "validate, 5": [130, 131] }).slice(-1)).toEqual(["unclear"]);
});

test.each([
  ["gen, 5", [201, 201], 2],
  ["kosko generate, 5", [399, 399], 1],
  ["cdk8s synth, 1000", [1999, 1999], 1],
  ["gen, 100", [51, 51], 0],
  ["gen, 100", [49, 49], 1],
  ["helm template, 1000", [499, 499], 1],
  ["plain writing, 1000", [166, 166], 1],
  ["gen, unchanged, 1000", [251, 251], 1],
] as const)("%s at %j misses %d targets", (name, [minimum, median], missed) => {
  expect(judged({ [name]: [minimum, median] }).filter(({ verdict }) => verdict === "missed")).toHaveLength(missed);
});

test("tables are Markdown with aligned columns, and say plainly what is missed", () => {
  expect(table(["a", "min"], [["long", "1"]])).toBe("| a    | min |\n| ---- | --: |\n| long |   1 |");
  expect(targetsTable(judged({ "validate, 5": [150, 160] }))).toContain("1.30 |      1.50 |       1.60 | missed |");
});
