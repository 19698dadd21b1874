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
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: must include Delete=false`,
    `StatefulSet/mezo-node-0 ${field}: must include Prune=confirm`,
  ]);
});

test("a validator, or its Service, that is pruned without a person's word", () => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-0").metadata.annotations[annotation] = "Delete=false";
  object("Service/mezo-node-1").metadata.annotations[annotation] = "Delete=false,Prune=true";
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: must include Prune=confirm`,
    `Service/mezo-node-1 ${field}: must include Prune=confirm`,
  ]);
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
