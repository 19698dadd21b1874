import rule from "scripts/rules/argocd/require-kept-objects.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotation = "argocd.argoproj.io/sync-options";
const field = `metadata.annotations["${annotation}"]`;

test("a validator that is deleted with the Application", () => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").metadata.annotations[annotation];
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-0 ${field}: must include Delete=false`]);
});

test("a keystore or a namespace that a commit could prune", () => {
  const { manifests } = staging();
  const metadata = { name: "x", annotations: { [annotation]: "Delete=false" } };
  manifests.push({ apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", metadata });
  manifests.push({ apiVersion: "v1", kind: "Namespace", metadata });
  expect(findings(rule, manifests)).toEqual([
    `SealedSecret/x ${field}: must include Prune=false`,
    `Namespace/x ${field}: must include Prune=false`,
  ]);
});
