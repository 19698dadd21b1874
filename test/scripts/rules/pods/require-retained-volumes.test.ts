import rule from "scripts/rules/pods/require-retained-volumes.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  undefined,
  { whenDeleted: "Retain", whenScaled: "Delete" },
  { whenDeleted: "Delete", whenScaled: "Retain" },
])("%j", (policy) => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-2").spec.persistentVolumeClaimRetentionPolicy = policy;
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-2 spec.persistentVolumeClaimRetentionPolicy: must be Retain for whenDeleted and whenScaled",
  ]);
});

test("a claim in the overlay", () => {
  const { manifests } = staging();
  manifests.push({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "mezo-node-data-mezo-node-0-0" },
  });
  expect(findings(rule, manifests)).toEqual([
    "PersistentVolumeClaim/mezo-node-data-mezo-node-0-0 kind: must not be in an overlay: a later commit could prune it",
  ]);
});
