import { fileNames, fileOf } from "generators/mezod/files.ts";
import { derived, fixed, free } from "generators/mezod/key.ts";
import { anyText, list, whole } from "generators/mezod/kinds.ts";
import { settingProblems, settled, type TomlFile, withExtra, withSettings } from "generators/mezod/settings.ts";
import { valueAt } from "generators/network/problem.ts";
import { describe, expect, test } from "vitest";
import { local, staging } from "../../support/networks.ts";

const file: TomlFile = {
  values: { a: 1, b: { e: "", f: 0 }, c: [], d: "x" },
  derived: {
    "b.e": { field: "chain.id", value: ({ chain }) => chain.id },
    d: { value: ({ chain }) => chain.denom },
  },
  keys: {
    a: free(whole(0, 9)),
    "b.e": derived(anyText),
    "b.f": fixed(whole(0), "the node needs it"),
    c: free(list(anyText)),
    d: free(anyText),
  },
};

const later = new Map([
  ["g.h", "v4.0.1"],
  ["b.i", "v9.0.0"],
]);
const problems = (settings: Record<string, unknown>) => [
  ...settingProblems(file, settings, { release: "v0.2.0", later }),
];

test.each<[settings: Record<string, unknown>, path: string[], message: string]>([
  [{ nope: 1 }, ["nope"], "unknown setting; the keys here are a, b, c, d"],
  [{ toString: "" }, ["toString"], "unknown setting; the keys here are a, b, c, d"],
  [{ a: "1" }, ["a"], "must be a number, as in a = 1"],
  [{ a: 0.5 }, ["a"], "must be a whole number, as in a = 1"],
  [{ a: 10 }, ["a"], "must be a whole number of 0 to 9"],
  [{ b: { g: 1 } }, ["b", "g"], "unknown setting; the keys here are e, f"],
  [{ b: { i: 1 } }, ["b", "i"], "is a setting since v9.0.0, and v0.2.0 does not read it"],
  [{ g: { h: 1 } }, ["g"], "is a setting since v4.0.1, and v0.2.0 does not read it"],
  [{ b: 1 }, ["b"], 'must be a table, as in b = {"e":"","f":0}'],
  [{ c: "x" }, ["c"], "must be a list, as in c = []"],
  [{ b: { e: "mezo_1-1" } }, ["b", "e"], "follows from the network; change chain.id"],
  [{ b: { f: 1 } }, ["b", "f"], "must stay 0: the node needs it"],
])("setting %j is refused", (settings, path, message) => {
  expect(problems(settings)).toEqual([{ path, value: valueAt(settings, path), message }]);
});

test("every problem of the settings is found at once", () => {
  expect(problems({ a: "1", b: { f: 1, e: "" } }).map(({ path }) => path.join("."))).toEqual(["a", "b.e", "b.f"]);
});

test("settings may say what holds anyway, and replace a derived value without a field", () => {
  expect(problems({ a: 1, b: { f: 0 }, d: "y" })).toEqual([]);
  expect(settled(file, staging, { d: "y" }).d).toBe("y");
});

test("settings replace values and keep the order of keys", () => {
  const merged = withSettings({ z: 1, a: { y: 1, b: 2 } }, { a: { b: 3 } });
  expect(JSON.stringify(merged)).toBe('{"z":1,"a":{"y":1,"b":3}}');
});

test("further keys come last in their table, and change nothing that is there", () => {
  const table = { z: 1, a: { y: 1 } };
  expect(JSON.stringify(withExtra(table, { a: { b: 3 }, n: { m: "" } }))).toBe(
    '{"z":1,"a":{"y":1,"b":3},"n":{"m":""}}',
  );
  expect(table).toEqual({ z: 1, a: { y: 1 } });
});

test("what follows from the network replaces the values and leaves them as they were for the next network", () => {
  const of = (network: typeof staging) => JSON.stringify(settled(file, network, {}));
  expect(of(staging)).toBe(`{"a":1,"b":{"e":"${staging.chain.id}","f":0},"c":[],"d":"abtc"}`);
  expect(of(local)).toBe(`{"a":1,"b":{"e":"${local.chain.id}","f":0},"c":[],"d":"abtc"}`);
});

describe.each(fileNames)("%s.toml", (name) => {
  const { values, derived: own, keys } = fileOf(name, "v0.2.0-rc3");

  test.each(Object.entries(own))("%s, which follows from the network, is a key of the file", (path, { value }) => {
    expect(typeof valueAt(values, path.split("."))).toBe(typeof value(staging));
  });

  test.each(Object.entries(own).filter(([, { field }]) => field))(
    "%s names a field of the network",
    (path, { field }) => {
      expect(valueAt(staging, field?.split(".") ?? [])).toBeDefined();
      expect(keys[path]?.change).toBe("derived");
    },
  );
});
