import rule from "scripts/rules/chain/no-halting-settings.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["config.toml", "seed_mode = false", "seed_mode = true", "p2p.seed_mode: must be false, is true"],
  ["config.toml", "inbound_peers = 240", "inbound_peers = 4", "p2p.max_num_inbound_peers: must be 5 or more, is 4"],
  [
    "config.toml",
    'priv_validator_laddr = ""',
    'priv_validator_laddr = "x"',
    'priv_validator_laddr: must be "", is "x"',
  ],
  ["config.toml", "create_empty_blocks = true", "create_empty_blocks = false", "create_empty_blocks: must be true"],
  ["config.toml", "\nsize = 10000", "\nsize = 0", "mempool.size: must be 1 or more, is 0"],
  [
    "app.toml",
    "halt-height = 0",
    "halt-height = 100",
    "halt-height: must be 0 unless `rollout` is all-at-once, is 100",
  ],
  ["app.toml", "halt-time = 0", "halt-time = 1", "halt-time: must be 0"],
  ["app.toml", "10000000000abtc", "1stake", 'minimum-gas-prices: must be an amount of abtc, is "1stake"'],
  ["app.toml", "local:7500", "local:7501", "server-address: must be ethereum-sidecar.default.svc.cluster.local:7500"],
])("%s %s", (file, from, to, message) => {
  const found = findings(rule, withToml(staging().manifests, file, from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test("a planned halt of all", () => {
  const halting = withToml(staging().manifests, "app.toml", "halt-height = 0", "halt-height = 100");
  expect(findings(rule, halting, { ...network, rollout: "all-at-once" })).toEqual([]);
});
