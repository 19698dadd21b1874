import rule from "scripts/rules/pods/no-missing-config-map.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a ConfigMap that is not there", () => {
  const { manifests, object } = staging();
  const volume = podSpec(object("StatefulSet/mezo-node-0")).volumes.find(
    ({ name }: { name: string }) => name === "config",
  );
  volume.projected.sources[0].configMap.name = "mezo-node-config";
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.volumes[1].projected.sources[0].configMap.name: there is no ConfigMap mezo-node-config",
  ]);
});

test("a key that it does not have", () => {
  const { manifests } = staging();
  const genesis = manifests.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name.includes("genesis"));
  Object.assign(genesis ?? {}, { data: { "genesis.jsn": "{}" } });
  expect(findings(rule, manifests)).toHaveLength(network.validators.length);
  expect(findings(rule, manifests)[0]).toContain("has no key genesis.json");
});
