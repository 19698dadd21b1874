import { resolve } from "node:path";
import { connect, type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { build, makeNamespace } from "../support/cluster/deployment.ts";
import { missingFields } from "../support/cluster/missing-fields.ts";

const root = resolve(import.meta.dirname, "../..");

const cluster = inject("cluster");
const kube = await connect(cluster.kubeconfig);

/** An object moved to another namespace; a Namespace renamed, and what is in none as it is. An existing cluster may have anything in `default`. */
const movedTo = (name: string, object: KubeObject): KubeObject => {
  if (object.kind === "PriorityClass") return object;
  const moved = object.kind === "Namespace" ? { name } : { namespace: name };
  return { ...object, metadata: { ...object.metadata, ...moved } };
};

describe.each(["local", "staging"])("overlays/%s", (overlay) => {
  let objects: KubeObject[];
  beforeAll(async () => {
    const namespace = `server-${overlay}`;
    objects = (await build(root, overlay)).map((object) => movedTo(namespace, object));
    // A dry-run in a namespace fails until the namespace exists.
    await makeNamespace(kube, cluster, namespace);
    return async () => {
      const classes = objects.filter(({ kind }) => kind === "PriorityClass").map(referenceTo);
      for (const object of [...classes, { apiVersion: "v1", kind: "Namespace", name: namespace }]) {
        await kube.delete(object);
      }
    };
  });

  test.each([
    ["a server-side dry-run", true],
    ["a server-side apply", false],
  ])("%s takes every object as it is, without a warning", async (_, dryRun) => {
    const before = kube.warnings.length;
    for (const object of objects) {
      const answer = await kube.apply(object, { dryRun });
      expect({ [`${object.kind} ${object.metadata.name}`]: missingFields(object, answer) }).toEqual({
        [`${object.kind} ${object.metadata.name}`]: [],
      });
    }
    expect(kube.warnings.slice(before)).toEqual([]);
    expect(objects.length).toBeGreaterThan(10);
  });

  test("every workload gets its pods: the API server refuses nothing in them", async () => {
    const workloads = objects.filter(({ kind }) => ["StatefulSet", "Deployment"].includes(kind));
    for (const { metadata, spec } of workloads) {
      const selector = Object.entries(spec.selector.matchLabels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      const pods = () => kube.list("v1", "Pod", metadata.namespace, selector);
      await eventually(async () => (await pods()).length === spec.replicas, 30, `pods of ${metadata.name}`);
    }
    expect(workloads.length).toBe(6);
  });
});

test("overlays/argocd: a server-side dry-run takes every object as it is, without a warning", async () => {
  const before = kube.warnings.length;
  const objects = await build(root, "argocd");
  for (const object of objects) expect(missingFields(object, await kube.apply(object, { dryRun: true }))).toEqual([]);
  expect(kube.warnings.slice(before)).toEqual([]);
  expect(objects.map(({ kind }) => kind)).toEqual(["AppProject", "Application", "PodMonitoring", "Rules"]);
});

test("these checks find faults: an unknown field is refused, a deprecated kind causes a warning, a lost field is listed", async () => {
  const service = (spec: object) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "probe", namespace: "default" },
    spec: { ports: [{ port: 80 }], ...spec },
  });
  await expect(kube.apply(service({ porst: [] }), { dryRun: true })).rejects.toThrow(/unknown field|not declared/);
  const before = kube.warnings.length;
  const deprecated = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "probe", namespace: "default" },
  };
  await kube.apply(deprecated, { dryRun: true });
  expect(kube.warnings.length).toBeGreaterThan(before);
  expect(missingFields({ a: { b: [{ c: 1 }, { d: 2 }] } }, { a: { b: [{ c: 1 }, { d: 3 }] } })).toEqual(["a.b.1.d"]);
});
