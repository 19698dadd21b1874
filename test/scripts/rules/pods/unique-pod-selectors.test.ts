import rule from "scripts/rules/pods/unique-pod-selectors.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a selector that no pod of its own has", () => {
  const { manifests, object } = staging();
  object("Deployment/ethereum-sidecar").spec.selector.matchLabels.type = "sidecar";
  expect(findings(rule, manifests)).toEqual([
    'Deployment/ethereum-sidecar spec.selector.matchLabels: {"app":"mezo","type":"sidecar"} is not its pods\'',
  ]);
});

test("a selector that takes another's pods", () => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").spec.selector.matchLabels.id;
  const found = findings(rule, manifests);
  expect(found).toHaveLength(4);
  expect(found[0]).toContain("selects pods of mezo-node-1 too");
});
