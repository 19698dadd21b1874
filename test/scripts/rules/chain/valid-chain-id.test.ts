import rule from "scripts/rules/chain/valid-chain-id.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [
    "client.toml",
    'chain-id = "mezo_31611-1"',
    'chain-id = "mezo_31612-1"',
    "chain-id: must be mezo_31611-1, is mezo_31612-1",
  ],
  ["genesis.json", '"chain_id": "mezo_31611-1"', '"chain_id": "mezo_31612-1"', "chain_id: must be mezo_31611-1"],
])("another one in %s", (file, from, to, message) => {
  const found = findings(rule, withToml(staging().manifests, file, from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${file} ${message}`);
});

test("a validator without a genesis", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-2"))
    .volumes.find(({ projected }: Any) => projected)
    .projected.sources.splice(1, 1);
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-2 spec.template.spec.volumes: must mount genesis.json",
  ]);
});
