import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { describe, expect, test } from "vitest";
import { staging } from "../../support/networks.ts";
import { readyForLater } from "../../support/releases.ts";
import { free, refused } from "../../support/settings/table.ts";
import { errorsOf, settingsWith, verdictOf } from "../../support/settings/verdict.ts";

test("staging as it is passes", () => {
  expect(verdictOf({})).toEqual({ by: "nobody", says: [] });
});

test("there are a hundred settings and more, each of them once", () => {
  const names = [...free, ...refused].map(([file, path, value]) => JSON.stringify([file, path, value]));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(100);
});

test.each(free)("%s.toml %s = %j is free", (file, path, value) => {
  expect(verdictOf({ settings: settingsWith(file, path, value) })).toEqual({ by: "nobody", says: [] });
});

test.each(refused)("%s.toml %s = %j is refused by %s: %s", (file, path, value, by) => {
  const verdict = verdictOf({ settings: settingsWith(file, path, value) });
  expect(verdict.by).toBe(by);
  // One finding, which names the file, the field and the value.
  expect(verdict.says).toHaveLength(1);
});

test.each<[what: string, change: Partial<NetworkInput>, says: string]>([
  [
    "a key of a later release",
    { settings: settingsWith("app", "json-rpc.logs-filter-addr-cap", 100) },
    '  settings.app["json-rpc"]["logs-filter-addr-cap"]: 100 is a setting since v4.0.1, and v0.2.0-rc3 does not read it',
  ],
  [
    "a section of a later release",
    { settings: settingsWith("app", "oracle.enabled", "false") },
    '  settings.app.oracle: {"enabled":"false"} is a setting since v0.3.0-rc0, and v0.2.0-rc3 does not read it',
  ],
  [
    "a key that only a staged validator knows, for all",
    {
      image: { ...staging.image, tag: "v4.0.0" },
      stagedUpgrade: { tag: "v4.0.1", validators: [4] },
      settings: settingsWith("app", "json-rpc.logs-filter-addr-cap", 100),
    },
    '  settings.app["json-rpc"]["logs-filter-addr-cap"]: 100 is a setting since v4.0.1, and v4.0.0 does not read it',
  ],
  [
    "a key that a staged validator does not know",
    {
      image: { ...staging.image, tag: "v4.0.1" },
      stagedUpgrade: { tag: "v4.0.0", validators: [4] },
      settings: settingsWith("app", "json-rpc.logs-filter-addr-cap", 100),
    },
    '  settings.app["json-rpc"]["logs-filter-addr-cap"]: 100 is a setting since v4.0.1, and v4.0.0 does not read it',
  ],
  [
    "half of a pair, named where it is set",
    { settings: settingsWith("config", "rpc.experimental_subscription_buffer_size", 500) },
    "  settings.config.rpc.experimental_subscription_buffer_size: 500 does not fit: rpc.experimental_websocket_write_buffer_size must be rpc.experimental_subscription_buffer_size or more: CometBFT calls anything else wrong",
  ],
  [
    "half of a pair, of one validator",
    { perValidator: [{ validator: 3, settings: settingsWith("app", "pruning", "everything") }] },
    '  perValidator[0].settings.app.pruning: "everything" must not be "everything" while state-sync.snapshot-interval is above 0: the node does not start',
  ],
  [
    "prices that are stale before they are fetched again",
    { image: { ...staging.image, tag: "v0.5.0-rc1" }, settings: settingsWith("app", "oracle.interval", "20s") },
    '  settings.app.oracle.interval: "20s" must be less than oracle.price_ttl: the node does not start otherwise',
  ],
  [
    "no cap below 0",
    {
      image: { ...staging.image, tag: "v12.0.0" },
      settings: settingsWith("app", "json-rpc.get-proof-storage-keys-cap", -1),
    },
    '  settings.app["json-rpc"]["get-proof-storage-keys-cap"]: -1 must be a whole number of 0 to 2147483647',
  ],
  [
    "a further key that is known",
    { settings: { extra: settingsWith("app", "json-rpc.gas-cap", 1) } },
    '  settings.extra.app["json-rpc"]["gas-cap"]: 1 is known: set json-rpc.gas-cap in settings.app',
  ],
  [
    "a further key that stands for a known section",
    { settings: { extra: settingsWith("config", "mempool", 1) } },
    "  settings.extra.config.mempool: 1 is known: set mempool.type in settings.config",
  ],
  [
    "a further key that a later release knows",
    { settings: { extra: settingsWith("app", "oracle.enabled", "true") } },
    '  settings.extra.app.oracle.enabled: "true" is a setting since v0.3.0-rc0, and v0.2.0-rc3 does not read it',
  ],
  [
    "a digest that does not say its release",
    { image: { repository: staging.image.repository, digest: `sha256:${"0".repeat(64)}` } },
    "  image.release: must be the release of mezod in the image, such as v0.2.0-rc3: a digest does not say it",
  ],
  [
    "a tag that does not say its release",
    { image: { repository: staging.image.repository, tag: "559f136" } },
    "  image.release: must be the release of mezod in the image, such as v0.2.0-rc3: the tag 559f136 does not say it",
  ],
  [
    "a tag that says its release, and another one",
    { image: { ...staging.image, release: "v4.0.1" } },
    '  image.release: "v4.0.1" must be left out: the tag v0.2.0-rc3 says it',
  ],
  [
    "a release before all that are known",
    { image: { ...staging.image, tag: "v0.1.0" } },
    '  image.tag: "v0.1.0" is older than v0.2.0-rc0, the first release whose files are known',
  ],
  ...["mezo2_31611-1", "me-zo_31611-1", "Mezo_31611-1", `${"m".repeat(40)}_31611-10`].map(
    (id): [string, Partial<NetworkInput>, string] => [
      `the chain id ${id}`,
      { chain: { ...staging.chain, id } },
      `  chain.id: "${id}" must be an EVM chain id of the form <a-z>_<EVM chain id>-<epoch>, such as mezo_31611-1, of at most 48 characters`,
    ],
  ),
])("%s is refused", (_what, change, says) => {
  expect(verdictOf(change)).toEqual({ by: "gen", says: [says] });
});

test.each<[what: string, change: Partial<NetworkInput>]>([
  [
    "a key of the release",
    { image: { ...staging.image, tag: "v4.0.1" }, settings: settingsWith("app", "json-rpc.logs-filter-addr-cap", 100) },
  ],
  [
    "a key that a single validator's release knows, for that one",
    {
      image: { ...staging.image, tag: "v4.0.0" },
      stagedUpgrade: { tag: "v4.0.1", validators: [4] },
      perValidator: [{ validator: 4, settings: settingsWith("app", "json-rpc.logs-filter-addr-cap", 100) }],
    },
  ],
  [
    "a namespace of the release",
    { image: { ...staging.image, tag: "v1.0.0-rc1" }, settings: settingsWith("app", "json-rpc.api", "eth,mezo") },
  ],
  [
    "pruning of everything without snapshots",
    { settings: { app: { pruning: "everything", "state-sync": { "snapshot-interval": 0 } } } },
  ],
  [
    "custom pruning, complete",
    { settings: { app: { pruning: "custom", "pruning-keep-recent": "100", "pruning-interval": "10" } } },
  ],
  ["a chain id of 48 characters", { chain: { ...staging.chain, id: `${"m".repeat(39)}_31611-10` } }],
])("%s can be declared", (_what, change) => {
  expect(() => defineNetwork({ ...staging, ...readyForLater, ...change } as NetworkInput)).not.toThrow();
});

describe("a setting beyond its bounds, with an exception", () => {
  const settings = settingsWith("config", "consensus.timeout_commit", "20s");
  const exception = {
    rule: "no-unsafe-settings",
    object: "ConfigMap/mezo-node-config",
    field: "config.toml consensus.timeout_commit",
    message:
      'must be a duration of 500ms to 10s with its unit, such as "500ms" or "1m30s", is "20s": each block waits that long for the next',
    reason: "a drill with slow blocks until 1 March",
  };
  const withSetting = (change: Partial<NetworkInput>) =>
    errorsOf(defineNetwork({ ...staging, settings, ...change } as NetworkInput)).map(({ message }) => message);

  test("passes for its reason", () => {
    expect(withSetting({})).toEqual([exception.message]);
    expect(withSetting({ exceptions: [exception] })).toEqual([]);
  });

  test("is refused with another value", () => {
    const other = settingsWith("config", "consensus.timeout_commit", "30s");
    expect(withSetting({ settings: other, exceptions: [exception] })).toHaveLength(1);
  });
});
