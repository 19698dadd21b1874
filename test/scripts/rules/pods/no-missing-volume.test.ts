import rule from "scripts/rules/pods/no-missing-volume.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a mount without its volume", () => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).volumes = [];
  expect(findings(rule, manifests)).toEqual([
    "Deployment/ethereum-sidecar spec.template.spec.containers[0].volumeMounts[0]: there is no volume tmp",
  ]);
});

test("a claim template of another name", () => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-0").spec.volumeClaimTemplates[0].metadata.name = "data";
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.initContainers[0].volumeMounts[2]: there is no volume mezo-node-data",
    "StatefulSet/mezo-node-0 spec.template.spec.containers[0].volumeMounts[2]: there is no volume mezo-node-data",
  ]);
});
