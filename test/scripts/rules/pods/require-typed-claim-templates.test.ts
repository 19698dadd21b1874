import rule from "scripts/rules/pods/require-typed-claim-templates.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
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
