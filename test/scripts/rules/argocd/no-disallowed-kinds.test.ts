import rule from "scripts/rules/argocd/no-disallowed-kinds.ts";
import { expect, test } from "vitest";
import { local } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";
import { withSnapshots } from "../../../support/snapshots.ts";

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

test("what belongs to snapshots, where the network has none or under another name", () => {
  const { manifests } = staging();
  const snapshotClass = {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: { name: "mezo-staging-snapshots" },
  };
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "x", namespace: "default" },
  };
  manifests.push(snapshotClass, role);
  expect(findings(rule, manifests)).toEqual([
    "VolumeSnapshotClass/mezo-staging-snapshots kind: the AppProject does not allow VolumeSnapshotClass.snapshot.storage.k8s.io",
    "Role/x kind: the AppProject does not allow Role.rbac.authorization.k8s.io",
  ]);
  const network = withSnapshots();
  expect(findings(rule, [snapshotClass, role], network)).toEqual([]);
  expect(findings(rule, [{ ...snapshotClass, metadata: { name: "standard" } }], network)).toEqual([
    "VolumeSnapshotClass/standard kind: the AppProject does not allow VolumeSnapshotClass.snapshot.storage.k8s.io of that name",
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
