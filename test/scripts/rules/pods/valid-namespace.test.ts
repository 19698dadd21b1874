import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/pods/valid-namespace.ts";
import { expect, test } from "vitest";
import { local } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

const namespace = (labels: Record<string, string>): Manifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: local.namespace,
    labels,
    annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
  },
});

test("staging, which is in the namespace default, and a namespace of its own pass", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, [namespace({ "pod-security.kubernetes.io/enforce": "restricted" })], local)).toEqual([]);
});

test("a network that was taken over leaves the namespace, where others live, as it is", () => {
  const adopted = { ...local, lifecycle: "adopted" as const };
  expect(findings(rule, [], adopted)).toEqual([]);
  expect(findings(rule, [namespace({ "pod-security.kubernetes.io/enforce": "restricted" })], adopted)).toEqual([
    "Namespace/mezo-local : the network has no such object",
  ]);
});

test("a namespace that allows more, and one that is missing or is another's", () => {
  expect(findings(rule, [namespace({ "pod-security.kubernetes.io/enforce": "privileged" })], local)).toEqual([
    'Namespace/mezo-local metadata.labels["pod-security.kubernetes.io/enforce"]: must be restricted, is privileged',
  ]);
  expect(findings(rule, [], local)).toEqual(["Namespace/mezo-local : there must be one; there are 0"]);
  expect(findings(rule, [namespace({})])).toEqual(["Namespace/mezo-local : the network has no such object"]);
});
