import { createHash } from "node:crypto";
import fc from "fast-check";
import { configurationFiles } from "generators/mezod/files.ts";
import { settled, withSettings } from "generators/mezod/settings.ts";
import { type TomlTable, toToml } from "generators/mezod/toml.ts";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { staging } from "../../support/networks.ts";

// The SHA-256 of the live network's files as JSON, with the keys in the files' own order.
const live = {
  app: "5b3423593e1c6ddfa8d77fdb0c30d6509fadf80998306d7613d5f120d015675c",
  client: "4c2f49f5365ff50ce5a9c8734c5bebba9b3889217868c5346de29aa84681ec4e",
  config: "6041af151ed08bbf1630bba80a64d1217a750b9b7ec77723409b2805331b7218",
};

// The only values that differ from the live network's. The generators give the reasons.
const deviations = {
  app: {
    telemetry: { "prometheus-retention-time": 0 },
    "json-rpc": { api: "eth,net,web3,debug,miner,txpool,personal", "http-idle-timeout": "2m0s" },
  },
  client: {},
  config: { rpc: { pprof_laddr: "0.0.0.0:6060" }, p2p: { addr_book_file: "config/addrbook.json" } },
};

test.each(["app", "client", "config"] as const)(
  "%s.toml is the live one, key by key, except for the deviations",
  (file) => {
    const ours = settled(configurationFiles[file], staging, {});
    const written = parse(toToml(ours));
    expect(written).toEqual(ours);
    const asLive = JSON.stringify(withSettings(written, deviations[file]));
    expect(createHash("sha256").update(asLive).digest("hex")).toBe(live[file]);
  },
);

test("any table parses back to itself", () => {
  // Whole numbers that JavaScript holds exactly. No configuration file has a fraction.
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
