import rule from "scripts/rules/argocd/valid-application-sync.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings } from "../../../support/rules/overlay.ts";

test("argocd passes", () => {
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each([
  [
    "a finalizer that cascades",
    (application: Any) => (application.metadata.finalizers = ["resources-finalizer.argocd.argoproj.io"]),
    "metadata.finalizers: must not include resources-finalizer.argocd.argoproj.io: it deletes the network with the Application",
  ],
  [
    "an overlay that may be empty",
    (application: Any) => (application.spec.syncPolicy.automated.allowEmpty = true),
    "spec.syncPolicy.automated.allowEmpty: must be false, is true",
  ],
  [
    "no self-healing",
    (application: Any) => delete application.spec.syncPolicy.automated.selfHeal,
    "spec.syncPolicy.automated.selfHeal: must be true, is undefined",
  ],
  [
    "a field that is never restored",
    (application: Any) => (application.spec.ignoreDifferences = [{ kind: "StatefulSet" }]),
    "spec.ignoreDifferences: must not be set: Argo CD would not restore these fields",
  ],
  [
    "pruning that is not last",
    (application: Any) => application.spec.syncPolicy.syncOptions.splice(1, 1),
    "spec.syncPolicy.syncOptions: must include PruneLast=true",
  ],
  [
    "replacing everything",
    (application: Any) => application.spec.syncPolicy.syncOptions.push("Replace=true"),
    "spec.syncPolicy.syncOptions: must not include Replace=true",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, application } = argocd();
  change(application);
  expect(findings(rule, manifests)).toEqual([`Application/mezo-staging ${message}`]);
});
