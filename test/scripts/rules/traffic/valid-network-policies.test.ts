import rule from "scripts/rules/traffic/valid-network-policies.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsAfter, findingsRenamed, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  [
    "NetworkPolicy/mezo-default-deny",
    "for nobody",
    (o) => (o.spec.podSelector.matchExpressions = [{ key: "app", operator: "DoesNotExist" }]),
    "spec.podSelector.matchExpressions: must not be set",
  ],
  [
    "NetworkPolicy/mezo-default-deny",
    "with an exception",
    (o) => (o.spec.egress = [{}]),
    "spec.egress: must not be set",
  ],
  ["NetworkPolicy/mezo-node", "rpc for everybody", (o) => delete o.spec.ingress[1].from, "spec.ingress[1].from[0]"],
  [
    "NetworkPolicy/mezo-node",
    "every port",
    (o) => (o.spec.ingress[0].ports[0].endPort = 65_535),
    "ports[0].endPort: must not be set",
  ],
  ["NetworkPolicy/mezo-gate", "the whole world", (o) => delete o.spec.egress[1].to, "spec.egress[1].to[0]"],
  [
    "NetworkPolicy/mezo-rpc",
    "the whole world",
    (o) => (o.spec.ingress[0].from[0].ipBlock.cidr = "0.0.0.0/0"),
    "must be 130.211.0.0/22, is 0.0.0.0/0",
  ],
])("%s: %s", (id, _fault, change, message) => {
  expect(findingsAfter(rule, id, change)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  expect(findingsRenamed(rule, "NetworkPolicy/mezo-gate")).toEqual([
    "NetworkPolicy/mezo-gate : there must be one; there are 0",
    "NetworkPolicy/other : the network has no such object",
  ]);
});
