import rule from "scripts/rules/argocd/valid-application-project.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings } from "../../../support/rules/overlay.ts";

test("argocd passes", () => {
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each([
  ["another project", (spec: Any) => (spec.project = "default"), "spec.project: there is no AppProject default"],
  [
    "another repository",
    (spec: Any) => (spec.source.repoURL = "https://x"),
    "spec.source.repoURL: must be allowed by mezo-staging, is https://x",
  ],
  [
    "another namespace",
    (spec: Any) => (spec.destination.namespace = "x"),
    "spec.destination: must be allowed by mezo-staging, is https://kubernetes.default.svc x",
  ],
  [
    "another cluster",
    (spec: Any) => (spec.destination.server = "https://x"),
    "spec.destination: must be allowed by mezo-staging, is https://x default",
  ],
])("an Application of %s", (_fault, change, message) => {
  const { manifests, application } = argocd();
  change(application.spec);
  expect(findings(rule, manifests)).toEqual([`Application/mezo-staging ${message}`]);
});
