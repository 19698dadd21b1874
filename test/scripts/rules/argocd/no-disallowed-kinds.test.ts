import rule from "scripts/rules/argocd/no-disallowed-kinds.ts";
import { expect, test } from "vitest";
import { local } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a kind, a group and a namespace that the project does not allow", () => {
  const { manifests, object } = staging();
  const metadata = { name: "x", namespace: "default" };
  manifests.push({ apiVersion: "batch/v1", kind: "CronJob", metadata });
  manifests.push({ apiVersion: "example.org/v1", kind: "Service", metadata });
  object("Service/mezo-rpc").metadata.namespace = "other";
  expect(findings(rule, manifests).sort()).toEqual([
    "CronJob/x kind: the AppProject does not allow CronJob.batch",
    "Service/mezo-rpc metadata.namespace: must be default, is other",
    "Service/x kind: the AppProject does not allow Service.example.org",
  ]);
});

test("a claim, which could be pruned, on a network that Argo CD does not deploy either", () => {
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "x", namespace: local.namespace },
  };
  expect(findings(rule, [claim], local)).toEqual([
    "PersistentVolumeClaim/x kind: the AppProject does not allow PersistentVolumeClaim",
  ]);
});
