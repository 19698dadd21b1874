import { apiKey, oldNamespaces } from "./app-keys.ts";
import { bounded, derived, type Key, reasoned } from "./key.ts";
import { bool, duration, oneOf, text, whole } from "./kinds.ts";
import type { Halt, Line, NewKey, Sidecars } from "./line.ts";
import { compareVersions, isVersion } from "./version.ts";

const early: Sidecars = { ethereum: "shared", connect: false };
const shared: Sidecars = { ethereum: "shared", connect: true };
const own: Sidecars = { ethereum: "own", connect: true };

const halt = (plan: string): Halt => ({ by: "halt", plan });
const fork: Line["entered"] = { by: "fork" };

const int32 = 2 ** 31 - 1;
const uncapped = "a caller can hold the node busy, and it misses its votes";
const quotedBool = oneOf("true", "false");
const hostAndPort = text(/^[\w.-]+:[1-9]\d{0,4}$/, "<host>:<port>");

// The price oracle's section. v0.3 and v0.4 write 0s for the last two, and read it as the values here.
const oracle: Record<string, NewKey> = {
  "oracle.enabled": { value: "true", ...reasoned(quotedBool, "the validator would vote for no price") },
  // All validators share the file, and each has a Connect of its own: an environment variable says which.
  "oracle.oracle_address": {
    value: "localhost:8080",
    ...derived(hostAndPort),
    from: { field: "connectSidecar", value: () => "localhost:8080" },
  },
  "oracle.client_timeout": {
    value: "2s",
    ...bounded(duration("1ns"), duration("100ms", "5s"), "a vote waits that long for prices"),
  },
  "oracle.metrics_enabled": { value: "true", kind: quotedBool, change: "free" },
  "oracle.price_ttl": { value: "10s", kind: duration("1ns", "1m"), change: "free" },
  "oracle.interval": { value: "1.5s", kind: duration("1ns", "1m"), change: "free" },
};
const oracleFlags = ["enabled", "oracle_address", "client_timeout", "metrics_enabled"].map((key) => `--oracle.${key}`);

/**
 * Every line of mezod, oldest first: blocks, plans, keys, flags and sidecars as its tags have them. Keys are never removed
 * or renamed. A new line is one entry more.
 */
export const lines: readonly [Line, ...Line[]] = [
  { from: "v0.2.0-rc0", run: "v0.2.0-rc3", testnet: [1, 1_093_500], entered: { by: "genesis" }, sidecars: early },
  {
    from: "v0.3.0-rc0",
    run: "v0.3.0-rc3",
    testnet: [1_093_500, 1_745_000],
    entered: { ...halt("v0.3.0"), isMadeInCode: true },
    keys: { app: oracle },
    flags: oracleFlags,
    sidecars: shared,
  },
  {
    from: "v0.4.0-rc0",
    run: "v0.4.0-rc1",
    testnet: [1_745_000, 2_213_000],
    entered: fork,
    flags: ["--keyring-dir"],
    sidecars: shared,
  },
  { from: "v0.5.0-rc0", run: "v0.5.0-rc1", testnet: [2_213_000, 2_563_000], entered: fork, sidecars: shared },
  { from: "v0.6.0-rc0", run: "v0.6.0-rc2", testnet: [2_563_000, 3_078_794], entered: fork, sidecars: shared },
  {
    from: "v0.7.0-rc0",
    run: "v0.7.0-rc0",
    testnet: [3_078_794, 3_569_000],
    entered: fork,
    flags: ["--enable-testbed-precompile"],
    sidecars: shared,
  },
  {
    from: "v1.0.0-rc0",
    run: "v1.0.0-rc0",
    testnet: [3_569_000, 3_712_500],
    entered: halt("v1.0.0"),
    keys: { app: { "json-rpc.api": { value: "eth,net,web3,mezo", ...apiKey(...oldNamespaces, "mezo") } } },
    sidecars: shared,
  },
  {
    from: "v1.0.0-rc1",
    run: "v1.0.0-rc1",
    testnet: [3_712_500, 5_559_500],
    entered: halt("v1.0.0-rc1"),
    sidecars: shared,
  },
  // With this one the mainnet began. The testnet never ran it.
  { from: "v1.0.0-rc2", run: "v1.0.0", mainnet: [1, 706_500], entered: { by: "genesis" }, sidecars: shared },
  {
    from: "v2.0.0",
    run: "v2.0.2",
    testnet: [5_559_500, 5_695_000],
    mainnet: [706_500, 1_735_000],
    entered: halt("v2.0.0"),
    sidecars: shared,
  },
  {
    from: "v3.0.0-rc0",
    run: "v3.0.1",
    testnet: [5_695_000, 6_853_500],
    mainnet: [1_735_000, 3_194_000],
    entered: halt("v3.0.0"),
    sidecars: shared,
  },
  {
    from: "v4.0.0-rc0",
    run: "v4.0.1",
    testnet: [6_853_500, 8_838_000],
    mainnet: [3_194_000, 5_207_000],
    entered: halt("v4.0.0"),
    keys: {
      app: {
        "json-rpc.logs-filter-addr-cap": { since: "v4.0.1", value: 30, ...capped(1000) },
        // Its own sidecar is in the same pod.
        "ethereum-sidecar.client.server-address": {
          value: "localhost:7500",
          ...derived(hostAndPort),
          from: { field: "ethereumSidecar.port", value: ({ ethereumSidecar }) => `localhost:${ethereumSidecar.port}` },
        },
      },
    },
    flags: ["--json-rpc.logs-filter-addr-cap"],
    sidecars: own,
  },
  {
    from: "v5.0.0-rc0",
    run: "v5.0.0",
    testnet: [8_838_000, 10_325_250],
    mainnet: [5_207_000, 6_773_500],
    entered: halt("v5.0.0"),
    sidecars: own,
  },
  {
    from: "v6.0.0-rc0",
    run: "v6.0.1",
    testnet: [10_325_250, 11_688_500],
    mainnet: [6_773_500, 7_691_500],
    entered: halt("v6.0.0"),
    keys: {
      config: {
        // CometBFT 0.38.21's. 0 stops a node that takes its state from peers.
        "statesync.max_snapshot_chunks": {
          since: "v6.0.0-rc1",
          value: 100_000,
          kind: whole(1, 2 ** 32 - 1),
          change: "free",
        },
      },
    },
    sidecars: own,
  },
  {
    from: "v7.0.0-rc0",
    run: "v7.0.0",
    testnet: [11_688_500, 11_854_127],
    mainnet: [7_691_500, 7_739_500],
    entered: halt("v7.0.0"),
    sidecars: own,
  },
  {
    from: "v8.0.0-rc0",
    run: "v8.0.0",
    testnet: [11_854_127, 12_193_600],
    mainnet: [7_739_500, 8_194_500],
    entered: halt("v8.0.0"),
    sidecars: own,
  },
  {
    from: "v9.0.0-rc0",
    run: "v9.1.0",
    testnet: [12_193_600, 12_872_000],
    mainnet: [8_194_500, 8_773_000],
    entered: halt("v9.0.0"),
    keys: { app: { "json-rpc.simulate-disabled": { since: "v9.1.0-rc0", value: false, kind: bool, change: "free" } } },
    sidecars: own,
  },
  {
    from: "v10.0.0-rc0",
    run: "v10.0.0",
    testnet: [12_872_000, 13_206_900],
    mainnet: [8_773_000, 9_275_000],
    entered: halt("v10.0.0"),
    sidecars: own,
  },
  {
    from: "v11.0.0-rc0",
    run: "v11.0.1",
    testnet: [13_206_900, 14_705_350],
    mainnet: [9_275_000, 10_885_900],
    entered: halt("v11.0.0"),
    sidecars: own,
  },
  {
    from: "v12.0.0-rc0",
    run: "v12.0.0",
    testnet: [14_705_350, 14_978_500],
    mainnet: [10_885_900, 11_358_000],
    entered: halt("v12.0.0"),
    keys: {
      app: {
        "json-rpc.enable-js-tracers": { value: false, ...reasoned(bool, uncapped) },
        "json-rpc.get-proof-storage-keys-cap": { value: 1000, ...capped(10_000) },
      },
    },
    flags: ["--json-rpc.enable-js-tracers", "--json-rpc.get-proof-storage-keys-cap"],
    sidecars: own,
  },
  {
    from: "v13.0.0-rc0",
    run: "v13.0.0",
    testnet: [14_978_500],
    mainnet: [11_358_000],
    entered: halt("v13.0.0"),
    sidecars: own,
  },
];

/** A cap of JSON-RPC, which 0 takes off; below 0 the node does not start. */
function capped(most: number): Key {
  return bounded(whole(0, int32), whole(1, most), uncapped);
}

// Asked several times for each validator, and all of these run one or two releases.
const found = new Map<string, Line | undefined>();

/** The line of a release; undefined where the tag is none, or older than all lines. */
export function lineOf(release: string): Line | undefined {
  if (!found.has(release)) {
    const line = isVersion(release) ? lines.findLast(({ from }) => compareVersions(from, release) <= 0) : undefined;
    found.set(release, line);
  }
  return found.get(release);
}

/** The keys that lines bring to one of the files, oldest first, each with the tag from which on nodes know it. */
export const broughtKeys = (file: "app" | "client" | "config"): { path: string; key: NewKey; since: string }[] =>
  lines.flatMap(({ from, keys }) =>
    Object.entries((file === "client" ? undefined : keys?.[file]) ?? {}).map(([path, key]) => ({
      path,
      key,
      since: key.since ?? from,
    })),
  );
