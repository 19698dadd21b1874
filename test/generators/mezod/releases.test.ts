import { fileOf } from "generators/mezod/files.ts";
import { leaves } from "generators/mezod/leaves.ts";
import { lineOf, lines } from "generators/mezod/releases.ts";
import { compareVersions, isVersion } from "generators/mezod/version.ts";
import { expect, test } from "vitest";

// From the tags themselves and from the chain's own documentation, once more, so that no figure changes unseen.
const facts = `
v0.2.0-rc3   1           1093500   -           -          genesis
v0.3.0-rc3   1093500     1745000   -           -          v0.3.0
v0.4.0-rc1   1745000     2213000   -           -          fork
v0.5.0-rc1   2213000     2563000   -           -          fork
v0.6.0-rc2   2563000     3078794   -           -          fork
v0.7.0-rc0   3078794     3569000   -           -          fork
v1.0.0-rc0   3569000     3712500   -           -          v1.0.0
v1.0.0-rc1   3712500     5559500   -           -          v1.0.0-rc1
v1.0.0       -           -         1           706500     genesis
v2.0.2       5559500     5695000   706500      1735000    v2.0.0
v3.0.1       5695000     6853500   1735000     3194000    v3.0.0
v4.0.1       6853500     8838000   3194000     5207000    v4.0.0
v5.0.0       8838000     10325250  5207000     6773500    v5.0.0
v6.0.1       10325250    11688500  6773500     7691500    v6.0.0
v7.0.0       11688500    11854127  7691500     7739500    v7.0.0
v8.0.0       11854127    12193600  7739500     8194500    v8.0.0
v9.1.0       12193600    12872000  8194500     8773000    v9.0.0
v10.0.0      12872000    13206900  8773000     9275000    v10.0.0
v11.0.1      13206900    14705350  9275000     10885900   v11.0.0
v12.0.0      14705350    14978500  10885900    11358000   v12.0.0
v13.0.0      14978500    -         11358000    -          v13.0.0`;

test("blocks, switches and plans are those of the two public networks", () => {
  const rows = lines.map(({ run, testnet, mainnet, entered }) =>
    [run, testnet?.[0], testnet?.[1], mainnet?.[0], mainnet?.[1], "plan" in entered ? entered.plan : entered.by]
      .map((each) => each ?? "-")
      .join(" "),
  );
  expect(rows).toEqual(
    facts
      .trim()
      .split("\n")
      .map((line) => line.split(/ +/).join(" ")),
  );
});

test.each(["testnet", "mainnet"] as const)("on the %s each line begins where the one before ends", (chain) => {
  const ranges = lines.flatMap((line) => (line[chain] ? [line[chain]] : []));
  expect(ranges.slice(1).map(([from]) => from)).toEqual(ranges.slice(0, -1).map(([, to]) => to));
  expect(ranges[0]?.[0]).toBe(1);
});

test("lines stand in the order of their tags, and each has the tag to run among its own", () => {
  for (const [i, { from, run }] of lines.entries()) {
    expect(isVersion(from) && isVersion(run)).toBe(true);
    expect(compareVersions(from, run)).toBeLessThanOrEqual(0);
    expect(lineOf(run)).toBe(lines[i]);
    expect(lineOf(from)).toBe(lines[i]);
  }
});

test.each([
  ["v0.2.0-rc3", "v0.2.0-rc0"],
  ["v0.2.1", "v0.2.0-rc0"],
  ["v0.3.0-rc0", "v0.3.0-rc0"],
  ["v1.0.0-rc1", "v1.0.0-rc1"],
  ["v1.0.0-rc4", "v1.0.0-rc2"],
  ["v1.0.0", "v1.0.0-rc2"],
  ["v4.0.1", "v4.0.0-rc0"],
  ["v10.0.0", "v10.0.0-rc0"],
  ["v14.2.0", "v13.0.0-rc0"],
  ["v0.1.9", undefined],
  ["latest", undefined],
])("%s belongs to the line from %s", (tag, from) => {
  expect(lineOf(tag)?.from).toBe(from);
});

test.each([
  ["v0.2.0-rc3", "v0.2.0-rc10"],
  ["v0.2.0-rc10", "v0.2.0"],
  ["v0.2.0", "v0.2.1-rc0"],
  ["v0.10.0", "v1.0.0-rc0"],
  ["v9.9.9", "v10.0.0"],
])("%s is older than %s", (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
  expect(compareVersions(newer, newer)).toBe(0);
});

const paths = (file: "app" | "client" | "config", release: string) =>
  new Map(leaves(fileOf(file, release).values).map(([path, value]) => [path.join("."), value]));

// The first tag that knows a key, and the last one that does not.
test.each<[file: "app" | "config", path: string, since: string, before: string, value: unknown]>([
  ["app", "oracle.enabled", "v0.3.0-rc0", "v0.2.0", "true"],
  ["app", "oracle.oracle_address", "v0.3.0-rc0", "v0.2.0", "localhost:8080"],
  ["app", "oracle.client_timeout", "v0.3.0-rc0", "v0.2.0", "2s"],
  ["app", "oracle.metrics_enabled", "v0.3.0-rc0", "v0.2.0", "true"],
  ["app", "oracle.price_ttl", "v0.3.0-rc0", "v0.2.0", "10s"],
  ["app", "oracle.interval", "v0.3.0-rc0", "v0.2.0", "1.5s"],
  ["app", "json-rpc.logs-filter-addr-cap", "v4.0.1", "v4.0.0", 30],
  ["config", "statesync.max_snapshot_chunks", "v6.0.0-rc1", "v6.0.0-rc0", 100_000],
  ["app", "json-rpc.simulate-disabled", "v9.1.0-rc0", "v9.0.0", false],
  ["app", "json-rpc.enable-js-tracers", "v12.0.0-rc0", "v11.0.1", false],
  ["app", "json-rpc.get-proof-storage-keys-cap", "v12.0.0-rc0", "v11.0.1", 1000],
])("%s.toml %s is known since %s and not to %s", (file, path, since, before, value) => {
  expect(paths(file, since).get(path)).toBe(value);
  expect(paths(file, before).has(path)).toBe(false);
  expect(paths(file, "v13.0.0").get(path)).toBe(value);
});

test("nothing else comes, and nothing goes", () => {
  const count = (release: string) => (["app", "client", "config"] as const).map((file) => paths(file, release).size);
  const [app = 0, client, config = 0] = count("v0.2.0-rc3");
  expect(count("v13.0.0")).toEqual([app + 10, client, config + 1]);
});

test("a namespace of JSON-RPC comes with v1.0.0-rc0", () => {
  expect(paths("app", "v0.7.0-rc0").get("json-rpc.api")).toBe("eth,net,web3");
  expect(paths("app", "v1.0.0-rc0").get("json-rpc.api")).toBe("eth,net,web3,mezo");
});

test("sidecars: the price oracle from v0.3 on, and each bridge validator its own ethereum-sidecar from v4 on", () => {
  const from = (has: (line: (typeof lines)[number]) => boolean) => lines.filter(has).map((line) => line.from);
  expect(from(({ sidecars }) => !sidecars.connect)).toEqual(["v0.2.0-rc0"]);
  expect(from(({ sidecars }) => sidecars.ethereum === "own")[0]).toBe("v4.0.0-rc0");
  expect(from(({ sidecars }) => sidecars.ethereum === "shared").at(-1)).toBe("v3.0.0-rc0");
});

test("flags of `mezod start` are those of the keys that came with them, and two more", () => {
  expect(lines.flatMap(({ flags = [] }) => flags)).toEqual([
    "--oracle.enabled",
    "--oracle.oracle_address",
    "--oracle.client_timeout",
    "--oracle.metrics_enabled",
    "--keyring-dir",
    "--enable-testbed-precompile",
    "--json-rpc.logs-filter-addr-cap",
    "--json-rpc.enable-js-tracers",
    "--json-rpc.get-proof-storage-keys-cap",
  ]);
});
