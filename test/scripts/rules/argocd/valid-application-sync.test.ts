import rule from "scripts/rules/argocd/valid-application-sync.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings } from "../../../support/rules/overlay.ts";

test("argocd holds", () => {
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each([
  [
    "a finalizer that cascades",
    (application: Any) => (application.metadata.finalizers = ["resources-finalizer.argocd.argoproj.io"]),
    "metadata.finalizers: resources-finalizer.argocd.argoproj.io deletes the network with the Application",
  ],
  [
    "an overlay that may be empty",
    (application: Any) => (application.spec.syncPolicy.automated.allowEmpty = true),
    "spec.syncPolicy.automated.allowEmpty: must be false, is true",
  ],
  [
    "nothing healed",
    (application: Any) => delete application.spec.syncPolicy.automated.selfHeal,
    "spec.syncPolicy.automated.selfHeal: must be true, is undefined",
  ],
  [
    "a field that is never healed",
    (application: Any) => (application.spec.ignoreDifferences = [{ kind: "StatefulSet" }]),
    "spec.ignoreDifferences: must not be set: what it names would never be healed",
  ],
  [
    "pruning first",
    (application: Any) => application.spec.syncPolicy.syncOptions.splice(1, 1),
    "spec.syncPolicy.syncOptions: must hold PruneLast=true",
  ],
  [
    "replacing everything",
    (application: Any) => application.spec.syncPolicy.syncOptions.push("Replace=true"),
    "spec.syncPolicy.syncOptions: must not hold Replace=true",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, application } = argocd();
  change(application);
  expect(findings(rule, manifests)).toEqual([`Application/mezo-staging ${message}`]);
});
