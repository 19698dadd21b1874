import rule from "scripts/rules/argocd/no-recreated-objects.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["sync-options", "Delete=false,Replace=true", "must not include Replace=true"],
  ["sync-options", "Force=true", "must not include Force=true"],
  ["hook", "PreSync", "must not be set"],
  ["hook-delete-policy", "BeforeHookCreation", "must not be set"],
])("%s: %s", (name, value, message) => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-0").metadata.annotations[`argocd.argoproj.io/${name}`] = value;
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 metadata.annotations["argocd.argoproj.io/${name}"]: ${message}`,
  ]);
});
