import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { fileOf } from "generators/mezod/files.ts";
import { settled, withSettings } from "generators/mezod/settings.ts";
import { type TomlTable, type TomlValue, toToml } from "generators/mezod/toml.ts";
import { valueAt } from "generators/network/problem.ts";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { staging } from "../../support/networks.ts";

// The SHA-256 of the live network's files as JSON, with the keys in the files' own order.
const live = {
  app: "5b3423593e1c6ddfa8d77fdb0c30d6509fadf80998306d7613d5f120d015675c",
  client: "4c2f49f5365ff50ce5a9c8734c5bebba9b3889217868c5346de29aa84681ec4e",
  config: "6041af151ed08bbf1630bba80a64d1217a750b9b7ec77723409b2805331b7218",
};

type File = keyof typeof live;

// The only values that differ from the live network's: the live one, and why ours is another. The generators have the
// same reason beside the value.
const deviations: [file: File, path: string, live: TomlValue, why: string][] = [
  ["app", "telemetry.prometheus-retention-time", 0, "with 0 the SDK's telemetry is on and answers nothing"],
  ["app", "json-rpc.api", "eth,net,web3,debug,miner,txpool,personal", "the others sign, trace and change the node"],
  ["app", "json-rpc.http-idle-timeout", "2m0s", "Google's front ends keep connections for 600 s"],
  ["app", "json-rpc.allow-unprotected-txs", false, "the live network takes such transactions from v0.2.0 on"],
  ["config", "rpc.pprof_laddr", "0.0.0.0:6060", "profiles show memory, keys included"],
  ["config", "p2p.addr_book_file", "config/addrbook.json", "config/ is read-only, and the address book is state"],
];

const at = (path: string, value: TomlValue) =>
  path.split(".").reduceRight<TomlValue>((inner, key) => ({ [key]: inner }), value) as TomlTable;

/** Staging's own file, settings included, as it is written; but with the live network's peers, which have a test below. */
const values = (file: File) =>
  settled(fileOf(file, staging.image.tag ?? ""), { ...staging, peering: "hosts" }, staging.settings[file]);
const written = (file: File) => parse(toToml(values(file)));

test.each(["app", "client", "config"] as const)(
  "%s.toml is the live one, key by key, except for the deviations",
  (file) => {
    expect(written(file)).toEqual(values(file));
    const own = deviations.filter(([of]) => of === file);
    const asLive = own.reduce((table, [, path, value]) => withSettings(table, at(path, value)), written(file));
    expect(createHash("sha256").update(JSON.stringify(asLive)).digest("hex")).toBe(live[file]);
  },
);

test("the live network's validators dial each other's public names; ours stay inside of the cluster", () => {
  const peers = (peering: "hosts" | "services") =>
    valueAt(settled(fileOf("config", "v0.2.0-rc3"), { ...staging, peering }, {}), ["p2p", "persistent_peers"]);
  expect(peers("hosts")).toMatch(/^2d4e0216da0d1ec18655d9588df21319025efab0@mezo-node-0\.test\.mezo\.org:26656,/);
  expect(peers(staging.peering)).toMatch(
    /^2d4e0216da0d1ec18655d9588df21319025efab0@mezo-node-0\.default\.svc\.cluster\./,
  );
});

test.each(deviations)("%s.toml %s is not %j: %s", (file, path, live) => {
  expect(valueAt(written(file), path.split("."))).not.toEqual(live);
});

test.each(deviations)("%s.toml %s has a comment with its reason where its value is", (file, path) => {
  const source = readFileSync(join(import.meta.dirname, `../../../generators/mezod/${file}-toml.ts`), "utf8");
  const key = path.split(".").at(-1) as string;
  expect(source).toMatch(new RegExp(`// .*[Tt]he live network[^\\n]*\\n(\\s*//[^\\n]*\\n)*\\s*"?${key}"?: `));
});

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
