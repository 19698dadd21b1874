import rule from "scripts/rules/pods/no-missing-governing-service.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("no Service of that name", () => {
  const { manifests, remove } = staging();
  remove("Service/mezo-node-2");
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-2 spec.serviceName: there is no Service mezo-node-2",
  ]);
});

test("another validator's Service", () => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-2").spec.serviceName = "mezo-node-3";
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-2 spec.serviceName: Service mezo-node-3 does not select the StatefulSet's pods",
  ]);
});
