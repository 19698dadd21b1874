import rule from "scripts/rules/chain/require-every-validator.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a validator that is gone", () => {
  const { manifests, remove } = staging();
  remove("StatefulSet/mezo-node-4");
  expect(findings(rule, manifests)).toEqual(["StatefulSet/mezo-node-4 : is missing"]);
});

test.each([
  ["type", "sidecar", "must be node, is sidecar"],
  ["id", "1", "must be 0, is 1"],
])("a validator labelled %s=%s", (key, value, message) => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-0").metadata.labels[key] = value;
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-0 metadata.labels.${key}: ${message}`]);
});

test("one that the network does not have", () => {
  const { manifests, object } = staging();
  const sixth = structuredClone(object("StatefulSet/mezo-node-0"));
  sixth.metadata.name = "mezo-node-5";
  manifests.push(sixth);
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-5 metadata.name: is not a validator of the network",
  ]);
});
