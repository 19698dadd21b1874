import rule from "scripts/rules/pods/require-one-replica.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([0, 2, undefined])("%s replicas", (replicas) => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-1").spec.replicas = replicas;
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-1 spec.replicas: must be 1, is ${replicas}`]);
});
