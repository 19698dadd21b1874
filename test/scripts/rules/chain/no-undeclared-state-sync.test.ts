import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import rule from "scripts/rules/chain/no-undeclared-state-sync.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { type Any, findings, podSpec, staging, withToml } from "../../../support/rules/overlay.ts";

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

test("state sync of one validator is for the files of that validator alone", () => {
  const settings = { app: {}, client: {}, config: { statesync: { enable: true } } };
  const own = { ...network, perValidator: [{ validator: 3, settings, storage: {} }] };
  const manifests = synced();
  expect(findings(rule, manifests, own)).toHaveLength(1);
  const statefulSet = manifests.find(
    ({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "mezo-node-3",
  ) as Any;
  const shared = manifests.find(({ metadata }) => metadata.name.startsWith("mezo-node-config-")) as Any;
  const copy = structuredClone({ ...shared, metadata: { ...shared.metadata, name: "mezo-node-3-config-0123456789" } });
  podSpec(statefulSet).volumes.find(({ name }: Any) => name === "config").projected.sources[0].configMap.name =
    copy.metadata.name;
  expect(
    findings(rule, [...withToml([shared], "config.toml", "enable = true", "enable = false"), copy, statefulSet], own),
  ).toEqual([]);
});
