import rule from "scripts/rules/chain/no-halting-settings.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { built, withRelease } from "../../../support/releases.ts";
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

test("a node from v4 on asks the sidecar in its own pod, and no other", async () => {
  const own = withRelease("v4.0.1");
  const { manifests } = await built(own);
  expect(findings(rule, manifests, own)).toEqual([]);
  const found = findings(rule, withToml([...manifests], "app.toml", "localhost:7500", "ethereum-sidecar:7500"), own);
  expect(found[0]).toContain("server-address: must be localhost:7500, is");
});

test("there is room for the peers of others, too", () => {
  const peer = (i: number) => ({ name: `other-${i}`, nodeId: `${i}`.repeat(40), address: `a${i}.example:26656` });
  const described = { ...network, peers: [peer(1), peer(2), peer(3)] };
  const crowded = withToml(staging().manifests, "config.toml", "inbound_peers = 240", "inbound_peers = 7");
  expect(findings(rule, crowded)).toEqual([]);
  expect(findings(rule, crowded, described)[0]).toContain("p2p.max_num_inbound_peers: must be 8 or more, is 7");
});
