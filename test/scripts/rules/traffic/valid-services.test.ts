import rule from "scripts/rules/traffic/valid-services.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsAfter, findingsRenamed, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  [
    "Service/mezo-node-0",
    "another validator's pods",
    (o) => (o.spec.selector.id = "1"),
    "spec.selector.id: must be 0, is 1",
  ],
  [
    "Service/mezo-node-0",
    "rpc behind p2p's port",
    (o) => (o.spec.ports[5].targetPort = "rpc"),
    "spec.ports[5].targetPort: must be p2p, is rpc",
  ],
  [
    "Service/mezo-node-0",
    "another port",
    (o) => o.spec.ports.push({ name: "metrics", port: 26660, targetPort: "metrics" }),
    "spec.ports[6]: must not be there",
  ],
  [
    "Service/mezo-node-0",
    "a network that it asks to pass",
    (o) => (o.spec.loadBalancerSourceRanges = []),
    "loadBalancerSourceRanges: must not be set",
  ],
  [
    "Service/mezo-node-1-internal",
    "public",
    (o) => (o.spec.type = "LoadBalancer"),
    "spec.type: must not be set, is LoadBalancer",
  ],
  [
    "Service/mezo-node-1-internal",
    "only when ready",
    (o) => delete o.spec.publishNotReadyAddresses,
    "publishNotReadyAddresses: must be true, is missing",
  ],
  [
    "Service/mezo-rpc",
    "a name elsewhere",
    (o) => Object.assign(o.spec, { externalName: "x" }),
    "spec.externalName: must not be set",
  ],
])("%s: %s", (id, _fault, change, message) => {
  expect(findingsAfter(rule, id, change)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  expect(findingsRenamed(rule, "Service/mezo-node-1-internal")).toEqual([
    "Service/mezo-node-1-internal : there must be one; there are 0",
    "Service/other : the network has no such object",
  ]);
});
