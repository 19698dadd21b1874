import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/history/no-immutable-field-change.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";
import { type Any, staging } from "../../../support/rules/overlay.ts";

const found = (was: readonly Manifest[], is: readonly Manifest[], of = network) =>
  [...rule.check(is, of, [earlier({ manifests: was })])].map(({ object, field }) => `${object} ${field}`);

test("nothing changes", () => {
  expect(found(staging().manifests, staging().manifests)).toEqual([]);
  expect(found([], staging().manifests)).toEqual([]);
});

/** The field that is found when staging's objects change. */
const afterChange = (id: string, change: (object: Any) => void) => {
  const now = staging();
  change(now.object(id));
  return found(staging().manifests, now.manifests);
};

const node = "StatefulSet/mezo-node-0";
test.each<[string, string, (object: Any) => void]>([
  ["spec.podManagementPolicy", node, ({ spec }) => (spec.podManagementPolicy = "Parallel")],
  ["spec.serviceName", node, ({ spec }) => (spec.serviceName = "other")],
  ["spec.selector.matchLabels.id", node, ({ spec }) => (spec.selector.matchLabels.id = "7")],
  [
    "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
    node,
    ({ spec }) => (spec.volumeClaimTemplates[0].spec.resources.requests.storage = "1Ti"),
  ],
  [
    "spec.volumeClaimTemplates[0].spec.storageClassName",
    node,
    ({ spec }) => (spec.volumeClaimTemplates[0].spec.storageClassName = "standard-rwo"),
  ],
  [
    "spec.volumeClaimTemplates[0].spec.accessModes[0]",
    node,
    ({ spec }) => (spec.volumeClaimTemplates[0].spec.accessModes[0] = "ReadWriteOncePod"),
  ],
  [
    "spec.volumeClaimTemplates[0].metadata.name",
    node,
    ({ spec }) => (spec.volumeClaimTemplates[0].metadata.name = "data"),
  ],
  ["spec.volumeClaimTemplates[1]", node, ({ spec }) => spec.volumeClaimTemplates.push({ metadata: { name: "more" } })],
  [
    "spec.selector.matchLabels.more",
    "Deployment/ethereum-sidecar",
    ({ spec }) => (spec.selector.matchLabels.more = "x"),
  ],
  ["spec.clusterIP", "Service/mezo-node-0", ({ spec }) => (spec.clusterIP = "None")],
  ["spec.ipFamilies", "Service/mezo-node-0", ({ spec }) => (spec.ipFamilies = ["IPv6"])],
  ["spec.loadBalancerClass", "Service/mezo-node-0", ({ spec }) => (spec.loadBalancerClass = "example.org/l4")],
])("%s of %s", (field, id, change) => {
  expect(afterChange(id, change)).toEqual([`${id} ${field}`]);
});

test.each<[string, string, (object: Any) => void]>([
  ["replicas", node, ({ spec }) => (spec.replicas = 0)],
  ["the pod template", node, ({ spec }) => (spec.template.metadata.labels.more = "x")],
  ["the update strategy", node, ({ spec }) => (spec.updateStrategy = { type: "OnDelete" })],
  ["minReadySeconds", node, ({ spec }) => (spec.minReadySeconds = 5)],
  ["retention", node, ({ spec }) => (spec.persistentVolumeClaimRetentionPolicy.whenScaled = "Delete")],
  ["a default that is written out", node, ({ spec }) => (spec.revisionHistoryLimit = 10)],
  ["a claim without its kind", node, ({ spec }) => delete spec.volumeClaimTemplates[0].kind],
  ["a Service's ports", "Service/mezo-node-0", ({ spec }) => (spec.ports[0].port = 1)],
  ["a Deployment's replicas", "Deployment/ethereum-sidecar", ({ spec }) => (spec.replicas = 2)],
  ["a hook's pod template", "Job/mezo-gate-1", ({ spec }) => (spec.template.spec.containers[0].image = "other:1")],
])("%s may change", (_what, id, change) => {
  expect(afterChange(id, change)).toEqual([]);
});

test("a change of a volume names the runbook; another change does not", () => {
  const messages = (change: (object: Any) => void) => {
    const now = staging();
    change(now.object(node));
    return [...rule.check(now.manifests, network, [earlier({ manifests: staging().manifests })])].map(
      ({ message }) => message,
    );
  };
  expect(messages(({ spec }) => (spec.volumeClaimTemplates[0].spec.resources.requests.storage = "1Ti"))).toEqual([
    'was "100Gi" at commit abc1234 and is "1Ti", but never changes on an object that exists: docs/runbooks/grow-a-volume.md says how volumes change',
  ]);
  expect(messages(({ spec }) => (spec.podManagementPolicy = "Parallel"))[0]).not.toContain("grow-a-volume");
});

const object = (kind: string, fields: object, apiVersion = "v1") =>
  ({ apiVersion, kind, metadata: { name: "x", namespace: "default" }, ...fields }) as Manifest;

test.each<[string, string, object, object]>([
  ["ConfigMap", "data.a", { immutable: true, data: { a: "1" } }, { immutable: true, data: { a: "2" } }],
  ["ConfigMap", "immutable", { immutable: true, data: {} }, { data: {} }],
  ["Secret", "type", { type: "Opaque" }, { type: "kubernetes.io/tls" }],
  ["SealedSecret", "spec.template.type", sealedOf("Opaque"), sealedOf("kubernetes.io/tls")],
  ["Job", "spec.template.a", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }],
  ["PersistentVolumeClaim", "spec.accessModes", { spec: {} }, { spec: { accessModes: ["ReadWriteOnce"] } }],
  ["StorageClass", "parameters.type", { parameters: { type: "a" } }, { parameters: { type: "b" } }],
  ["IngressClass", "spec.controller", { spec: { controller: "a" } }, { spec: { controller: "b" } }],
  ["RoleBinding", "roleRef.name", { roleRef: { name: "a" } }, { roleRef: { name: "b" } }],
  ["DaemonSet", "spec.selector", { spec: {} }, { spec: { selector: { matchLabels: {} } } }],
  ["PriorityClass", "value", { value: 1 }, { value: 2 }],
])("%s %s", (kind, field, was, is) => {
  expect(found([object(kind, was)], [object(kind, is)])).toEqual([`${kind}/x ${field}`]);
});

function sealedOf(type: string) {
  return { spec: { template: { type } } };
}

test("a version of the API is no other object; another namespace is", () => {
  const was = object("RoleBinding", { roleRef: { name: "a" } }, "rbac.authorization.k8s.io/v1beta1");
  const is = object("RoleBinding", { roleRef: { name: "b" } }, "rbac.authorization.k8s.io/v1");
  expect(found([was], [is])).toHaveLength(1);
  expect(found([was], [{ ...is, metadata: { name: "x", namespace: "other" } }])).toEqual([]);
});

test("a mutable ConfigMap changes as it likes", () => {
  expect(found([object("ConfigMap", { data: { a: "1" } })], [object("ConfigMap", { data: { a: "2" } })])).toEqual([]);
});

test("a network that nobody deploys and that never ran has no objects in a cluster", () => {
  const placement = earlierPlacement({ lifecycle: "new", isSealed: false }, local);
  const was = earlier({ manifests: [object("Secret", { type: "a" })], placement });
  const is = [object("Secret", { type: "b" })];
  expect([...rule.check(is, local, [was])]).toEqual([]);
  expect([...rule.check(is, local, [{ ...was, placement: { ...placement, isSealed: true } }])]).toHaveLength(1);
});
