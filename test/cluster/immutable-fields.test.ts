import { immutableChanges } from "scripts/objects/immutable-fields.ts";
import { connect, type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { build, makeNamespace } from "../support/cluster/deployment.ts";

const cluster = inject("cluster");
const kube = await connect(cluster.kubeconfig);
const namespace = "immutable-fields";

const rendered = new Map(
  (await build(`${import.meta.dirname}/../..`, "staging")).map((object) => [
    `${object.kind}/${object.metadata.name}`,
    { ...object, metadata: { ...object.metadata, namespace } },
  ]),
);
const named = (apiVersion: string, kind: string, fields: object, name = "immutable-fields"): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(!clusterScoped.has(kind) && { namespace }) },
  ...fields,
});
const clusterScoped = new Set(["StorageClass", "IngressClass", "PriorityClass", "ClusterRoleBinding", "RuntimeClass"]);

const labels = { app: "immutable-fields" };
const pods = { metadata: { labels }, spec: { containers: [{ name: "one", image: "one:1" }] } };
const rbac = "rbac.authorization.k8s.io";
const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "view" };

const statefulSet = rendered.get("StatefulSet/mezo-node-0");
const deployment = rendered.get("Deployment/ethereum-sidecar");
const service = rendered.get("Service/mezo-node-0");
const job = named("batch/v1", "Job", {
  spec: { suspend: true, template: { spec: { ...pods.spec, restartPolicy: "Never" } } },
});
const claim = named("v1", "PersistentVolumeClaim", {
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "none", resources: { requests: { storage: "1Gi" } } },
});
const storageClass = named("storage.k8s.io/v1", "StorageClass", { provisioner: "example.org/none" });

type Row = [string, KubeObject, (object: KubeObject) => void];
const refused: Row[] = [
  ["the size in a claim template", statefulSet, ({ spec }) => (claimOf(spec).resources.requests.storage = "1Ti")],
  ["the class in a claim template", statefulSet, ({ spec }) => (claimOf(spec).storageClassName = "other")],
  ["the access mode in a claim template", statefulSet, ({ spec }) => (claimOf(spec).accessModes = ["ReadWriteMany"])],
  ["the label of a claim template", statefulSet, ({ spec }) => (spec.volumeClaimTemplates[0].metadata.labels = labels)],
  ["one claim template more", statefulSet, ({ spec }) => spec.volumeClaimTemplates.push(template("more"))],
  ["podManagementPolicy", statefulSet, ({ spec }) => (spec.podManagementPolicy = "Parallel")],
  ["serviceName", statefulSet, ({ spec }) => (spec.serviceName = "other")],
  [
    "the selector and the labels of a StatefulSet",
    statefulSet,
    ({ spec }) => {
      spec.selector.matchLabels.id = "7";
      spec.template.metadata.labels.id = "7";
    },
  ],
  [
    "the selector and the labels of a Deployment",
    deployment,
    ({ spec }) => {
      spec.selector.matchLabels.type = "other";
      spec.template.metadata.labels.type = "other";
    },
  ],
  ["the pods of a Job", job, ({ spec }) => (spec.template.spec.containers[0].image = "one:2")],
  [
    "the completion mode of a Job",
    job,
    ({ spec }) => Object.assign(spec, { completionMode: "Indexed", completions: 1 }),
  ],
  ["the address of a Service", service, ({ spec }) => (spec.clusterIP = "None")],
  ["the class of a LoadBalancer", service, ({ spec }) => (spec.loadBalancerClass = "example.org/l4")],
  [
    "the data of an immutable ConfigMap",
    named("v1", "ConfigMap", { immutable: true, data: { a: "1" } }),
    ({ data }) => (data.a = "2"),
  ],
  [
    "the data of an immutable Secret",
    named("v1", "Secret", { immutable: true, type: "Opaque", stringData: { a: "1" } }, "immutable-secret"),
    (object) => (object.stringData.a = "2"),
  ],
  [
    "the type of a Secret",
    named("v1", "Secret", { type: "Opaque" }),
    (object) => Object.assign(object, { type: "example.org/other" }),
  ],
  ["the class of a claim", claim, ({ spec }) => (spec.storageClassName = "other")],
  ["the access mode of a claim", claim, ({ spec }) => (spec.accessModes = ["ReadWriteMany"])],
  ["the provisioner of a StorageClass", storageClass, (object) => (object.provisioner = "example.org/other")],
  ["the parameters of a StorageClass", storageClass, (object) => (object.parameters = { type: "b" })],
  ["the binding mode of a StorageClass", storageClass, (object) => (object.volumeBindingMode = "WaitForFirstConsumer")],
  [
    "the controller of an IngressClass",
    named("networking.k8s.io/v1", "IngressClass", { spec: { controller: "example.org/a" } }),
    ({ spec }) => (spec.controller = "example.org/b"),
  ],
  [
    "the value of a PriorityClass",
    named("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }),
    (object) => (object.value = 2),
  ],
  [
    "the role of a RoleBinding",
    named(`${rbac}/v1`, "RoleBinding", { roleRef, subjects: [] }),
    (object) => (object.roleRef.name = "edit"),
  ],
  [
    "the role of a ClusterRoleBinding",
    named(`${rbac}/v1`, "ClusterRoleBinding", { roleRef, subjects: [] }),
    (object) => (object.roleRef.name = "edit"),
  ],
];
const accepted: Row[] = [
  ["the replicas of a StatefulSet", statefulSet, ({ spec }) => (spec.replicas = 0)],
  ["the pods of a StatefulSet", statefulSet, ({ spec }) => (spec.template.spec.containers[0].image = "one:2")],
  [
    "the update strategy",
    statefulSet,
    ({ spec }) => (spec.updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 1 } }),
  ],
  ["minReadySeconds", statefulSet, ({ spec }) => (spec.minReadySeconds = 5)],
  [
    "the retention of claims",
    statefulSet,
    ({ spec }) => (spec.persistentVolumeClaimRetentionPolicy.whenScaled = "Delete"),
  ],
  ["a default that is written out", statefulSet, ({ spec }) => (spec.revisionHistoryLimit = 10)],
  ["the pods of a Deployment", deployment, ({ spec }) => (spec.template.spec.containers[0].image = "one:2")],
  ["the ports of a Service", service, ({ spec }) => (spec.ports[0].port = 1)],
  ["the traffic policy of a Service", service, ({ spec }) => (spec.externalTrafficPolicy = "Cluster")],
  ["whether a Job is suspended", job, ({ spec }) => (spec.suspend = false)],
  ["the data of a ConfigMap", named("v1", "ConfigMap", { data: { a: "1" } }, "mutable"), ({ data }) => (data.a = "2")],
  ["whether a StorageClass lets volumes grow", storageClass, (object) => (object.allowVolumeExpansion = true)],
];

// biome-ignore lint/suspicious/noExplicitAny: the spec of a StatefulSet.
const claimOf = (spec: any) => spec.volumeClaimTemplates[0].spec;
const template = (name: string) => ({ ...statefulSet.spec.volumeClaimTemplates[0], metadata: { name } });

beforeAll(async () => {
  await makeNamespace(kube, cluster, namespace);
});
afterAll(async () => {
  const clusterWide = refused.flatMap(([, object]) => (clusterScoped.has(object.kind) ? [object] : []));
  for (const object of clusterWide) await kube.delete(referenceTo(object));
  await kube.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
});

/** What the API server and the rule say of a change: whether each lets it pass. */
async function verdicts(object: KubeObject, change: (object: KubeObject) => void) {
  await kube.apply(object);
  const changed = structuredClone(object);
  change(changed);
  const answer = await kube.apply(changed, { dryRun: true }).then(
    () => "accepted",
    ({ code, message }: { code: number; message: string }) => (code === 422 ? "refused" : message),
  );
  return { apiServer: answer, rule: immutableChanges(object, changed).length > 0 ? "refused" : "accepted" };
}

describe("a changed field is refused by the rule if the API server refuses it, and only then", () => {
  test.each(refused)("refused: %s", async (_, object, change) => {
    expect(await verdicts(object, change)).toEqual({ apiServer: "refused", rule: "refused" });
  });

  test.each(accepted)("accepted: %s", async (_, object, change) => {
    expect(await verdicts(object, change)).toEqual({ apiServer: "accepted", rule: "accepted" });
  });
});
