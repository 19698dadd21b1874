import rule from "scripts/rules/traffic/no-missing-service-pods.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a selector that matches no pod", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-1").spec.selector.id = "9";
  expect(findings(rule, manifests)).toEqual([
    'Service/mezo-node-1 spec.selector: selects no pods: {"app":"mezo","id":"9","type":"node"}',
  ]);
});

test("a pod of another namespace does not count", () => {
  const { manifests, object } = staging();
  object("Deployment/ethereum-sidecar").metadata.namespace = "other";
  expect(findings(rule, manifests)[0]).toContain("Service/ethereum-sidecar spec.selector: selects no pods");
});

test("a target port that the pods do not have, by name and by number", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-0").spec.ports[0].targetPort = "p3p";
  object("Service/ethereum-sidecar").spec.ports[0].targetPort = 7501;
  expect(findings(rule, manifests)).toEqual([
    "Service/ethereum-sidecar spec.ports[0].targetPort: Deployment/ethereum-sidecar has no port 7501",
    "Service/mezo-node-0 spec.ports[0].targetPort: StatefulSet/mezo-node-0 has no port p3p",
  ]);
});
