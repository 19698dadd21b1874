import rule from "scripts/rules/argocd/valid-application-path.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { findings } from "../../../support/rules/overlay.ts";

test("argocd passes", () => {
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each(["overlays/local", "overlays", "base/mezo-node-0", undefined])("path %s", (path) => {
  const { manifests, application } = argocd();
  application.spec.source.path = path;
  expect(findings(rule, manifests)).toEqual([
    `Application/mezo-staging spec.source.path: must be the overlay that mezo-staging is named after, is ${path}`,
  ]);
});
