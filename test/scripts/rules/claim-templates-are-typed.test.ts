import rule from "scripts/rules/claim-templates-are-typed.ts";
import { expect, test } from "vitest";
import { findings, staging } from "./overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["apiVersion", "v1"],
  ["kind", "PersistentVolumeClaim"],
])("without %s", (key, wanted) => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").spec.volumeClaimTemplates[0][key];
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 spec.volumeClaimTemplates[0].${key}: must be ${wanted}, is undefined`,
  ]);
});
