import rule from "scripts/rules/chain/no-halting-settings.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["config.toml", "inbound_peers = 240", "inbound_peers = 4", "p2p.max_num_inbound_peers: must be 5 or more, is 4"],
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
