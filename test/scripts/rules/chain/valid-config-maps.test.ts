import rule from "scripts/rules/chain/valid-config-maps.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (configMap: Any) => void, string]>([
  ["another file", ({ data }) => (data["node_key.json"] = "{}"), 'data["node_key.json"]: must not be set'],
  ["a file less", ({ data }) => delete data["client.toml"], 'data["client.toml"]: must be the content of a file'],
  ["a hook", ({ metadata }) => (metadata.annotations = {}), "metadata.annotations: must not be set"],
  ["no hash", ({ metadata }) => (metadata.name = "mezo-node-config"), "must be mezo-node-config with the hash"],
])("%s", (_fault, change, message) => {
  const { manifests } = staging();
  change(manifests.find(({ data }: Any) => data?.["config.toml"]));
  expect(findings(rule, manifests)[0]).toContain(message);
});

test("another ConfigMap", () => {
  const { manifests } = staging();
  manifests.push({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "more", namespace: "default" } });
  expect(findings(rule, manifests)).toEqual(["ConfigMap/more : the network has no such object"]);
});

test("a validator whose files differ must have a ConfigMap of its own", () => {
  const settings = { ...network.settings, app: { pruning: "default" } };
  const own = { ...network, perValidator: [{ validator: 3, settings, storage: {} }] };
  expect(findings(rule, staging().manifests, own)).toEqual([
    "ConfigMap/mezo-node-3-config : there must be one; there are 0",
  ]);
});
