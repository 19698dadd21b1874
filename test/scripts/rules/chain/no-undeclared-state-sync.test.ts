import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import rule from "scripts/rules/chain/no-undeclared-state-sync.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

const synced = () =>
  withToml(staging().manifests, "config.toml", "[statesync]\nenable = false", "[statesync]\nenable = true");

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("state sync that nobody declared", () => {
  expect(findings(rule, synced())).toEqual([
    expect.stringMatching(
      /^ConfigMap\/mezo-node-config-\w+ config.toml statesync.enable: must be false, as the network declares; is true$/,
    ),
  ]);
});

test("state sync that the network declares passes", () => {
  const settings = { config: { statesync: { enable: true } } };
  const declared = defineNetwork({ ...(network as NetworkInput), settings });
  expect(findings(rule, synced(), declared)).toEqual([]);
});
