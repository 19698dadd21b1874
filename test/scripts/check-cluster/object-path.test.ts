import { readFileSync } from "node:fs";
import { pathOf } from "scripts/check-cluster/object-path.ts";
import { crdFiles } from "tools/schemas.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";

test("every kind of the CustomResourceDefinitions used here has the path that they say", async () => {
  const crds = (await crdFiles()).map((file) => parse(readFileSync(file, "utf8")).spec);
  expect(crds.length).toBeGreaterThan(6);
  for (const { group, names, versions } of crds) {
    const version = versions[0].name;
    const object = { apiVersion: `${group}/${version}`, kind: names.kind, metadata: { name: "a", namespace: "b" } };
    expect(pathOf(object)).toBe(`/apis/${group}/${version}/namespaces/b/${names.plural}/a`);
  }
});

test.each([
  ["v1", "ConfigMap", "b", "/api/v1/namespaces/b/configmaps/a"],
  ["networking.k8s.io/v1", "Ingress", "b", "/apis/networking.k8s.io/v1/namespaces/b/ingresses/a"],
  ["networking.k8s.io/v1", "NetworkPolicy", "b", "/apis/networking.k8s.io/v1/namespaces/b/networkpolicies/a"],
  ["policy/v1", "PodDisruptionBudget", "b", "/apis/policy/v1/namespaces/b/poddisruptionbudgets/a"],
  ["storage.k8s.io/v1", "StorageClass", undefined, "/apis/storage.k8s.io/v1/storageclasses/a"],
])("%s %s", (apiVersion, kind, namespace, path) => {
  expect(pathOf({ apiVersion, kind, metadata: { name: "a", ...(namespace && { namespace }) } })).toBe(path);
});
