import rule from "scripts/rules/pods/unique-pod-selectors.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a selector that does not select its own pods", () => {
  const { manifests, object } = staging();
  object("Deployment/ethereum-sidecar").spec.selector.matchLabels.type = "sidecar";
  expect(findings(rule, manifests)).toEqual([
    'Deployment/ethereum-sidecar spec.selector.matchLabels: {"app":"mezo","type":"sidecar"} does not select its own pods',
  ]);
});

test("a selector that also selects another workload's pods", () => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").spec.selector.matchLabels.id;
  const found = findings(rule, manifests);
  expect(found).toHaveLength(network.validators.length - 1);
  expect(found[0]).toContain("also selects the pods of mezo-node-1");
});
