import rule from "scripts/rules/argocd/no-permissive-project.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings } from "../../../support/rules/overlay.ts";

test("argocd passes", () => {
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each([
  ["every repository", (spec: Any) => spec.sourceRepos.push("*"), "spec.sourceRepos: must name repositories"],
  ["no repository", (spec: Any) => delete spec.sourceRepos, "spec.sourceRepos: must name repositories"],
  ["every namespace", (spec: Any) => (spec.destinations[0].namespace = "*"), "spec.destinations: must name server and"],
  [
    "cluster roles",
    (spec: Any) => spec.clusterResourceWhitelist.push({ group: "*", kind: "ClusterRole" }),
    "spec.clusterResourceWhitelist: must not allow ClusterRole",
  ],
  [
    "Secrets",
    (spec: Any) => spec.namespaceResourceWhitelist.push({ group: "", kind: "Secret" }),
    "spec.namespaceResourceWhitelist: must not allow Secret",
  ],
  [
    "everything",
    (spec: Any) => delete spec.namespaceResourceWhitelist,
    "spec.namespaceResourceWhitelist: must not allow *",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, project } = argocd();
  change(project.spec);
  expect(findings(rule, manifests)[0]).toContain(`AppProject/mezo-staging ${message}`);
});
