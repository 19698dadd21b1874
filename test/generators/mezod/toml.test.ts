import { createHash } from "node:crypto";
import fc from "fast-check";
import { appToml } from "generators/mezod/app-toml.ts";
import { clientToml } from "generators/mezod/client-toml.ts";
import { configToml } from "generators/mezod/config-toml.ts";
import { badSettings, type TomlTable, toToml, withSettings } from "generators/mezod/toml.ts";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { staging } from "../../support/networks.ts";

// SHA-256 of the live network's files as JSON, keys in the files' own order.
const live = {
  app: "5b3423593e1c6ddfa8d77fdb0c30d6509fadf80998306d7613d5f120d015675c",
  client: "4c2f49f5365ff50ce5a9c8734c5bebba9b3889217868c5346de29aa84681ec4e",
  config: "6041af151ed08bbf1630bba80a64d1217a750b9b7ec77723409b2805331b7218",
};

// The only values that differ from the live network's; the reasons stand beside them in the generators.
const deviations = {
  app: {
    telemetry: { "prometheus-retention-time": 0 },
    "json-rpc": { api: "eth,net,web3,debug,miner,txpool,personal" },
  },
  client: {},
  config: { rpc: { pprof_laddr: "0.0.0.0:6060" }, p2p: { addr_book_file: "config/addrbook.json" } },
};

test.each([
  ["app", appToml(staging)],
  ["client", clientToml(staging)],
  ["config", configToml(staging)],
] as const)("%s.toml is the live one, key for key and in its order, but for the deviations", (file, ours) => {
  const written = parse(toToml(ours));
  expect(written).toEqual(ours);
  const asLive = JSON.stringify(withSettings(written, deviations[file]));
  expect(createHash("sha256").update(asLive).digest("hex")).toBe(live[file]);
});

test.each([
  [{ nope: 1 }, ["nope"], "unknown setting; the keys here are a, b, c"],
  [{ a: "1" }, ["a"], "must be of type number, as in a = 1"],
  [{ b: { d: 1 } }, ["b", "d"], "unknown setting; the keys here are e"],
  [{ b: 1 }, ["b"], 'must be of type table, as in b = {"e":""}'],
  [{ c: "x" }, ["c"], "must be of type list, as in c = []"],
])("setting %j is refused", (settings, path, message) => {
  expect(badSettings({ a: 1, b: { e: "" }, c: [] }, settings)).toEqual([{ path, message }]);
});

test("settings replace values and leave the order of keys", () => {
  const merged = withSettings({ z: 1, a: { y: 1, b: 2 } }, { a: { b: 3 } });
  expect(JSON.stringify(merged)).toBe('{"z":1,"a":{"y":1,"b":3}}');
});

test("any table is itself again", () => {
  // Whole numbers as far as JavaScript has them; no settings file holds a fraction.
  const scalar = fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger(), fc.boolean());
  const table = fc.letrec((self) => ({
    any: fc.dictionary(fc.string({ unit: "binary" }), fc.oneof(scalar, fc.array(scalar), self("any")), { maxKeys: 5 }),
  })).any as fc.Arbitrary<TomlTable>;
  fc.assert(
    fc.property(table, (original) => {
      expect(parse(toToml(original))).toEqual(original);
    }),
    { numRuns: 1000, seed: 31611 },
  );
});
