import { expect, test } from "vitest";
import { changedFields } from "./changed-fields.ts";

const object = (annotations: object | undefined, spec: object) => ({
  kind: "StatefulSet",
  metadata: { name: "a", uid: Math.random(), ...(annotations && { annotations }) },
  spec,
  status: { replicas: Math.random() },
});
const pod = (...volumeMounts: object[]) => ({ containers: [{ name: "node", volumeMounts }] });

test("each changed field is a path, items of lists by what tells them apart, in any order", () => {
  const [config, data] = [
    { name: "config", mountPath: "/a" },
    { name: "data", mountPath: "/b" },
  ];
  expect(changedFields(object({}, pod(config, data)), object({}, pod(data, config)))).toEqual([]);
  expect(changedFields(object({}, { ...pod(config), old: { a: 1 } }), object({}, { ...pod(data), new: [1] }))).toEqual([
    "spec.containers[node].volumeMounts[/a]",
    "spec.containers[node].volumeMounts[/b]",
    "spec.new",
    "spec.old",
  ]);
});

test("an annotation is a field of its own, whether or not there were others; clients' notes are none", () => {
  const is = object({ wave: "1", "argocd.argoproj.io/tracking-id": "a" }, {});
  for (const annotations of [undefined, { "kubectl.kubernetes.io/last-applied-configuration": "{}" }]) {
    expect(changedFields(object(annotations, {}), is)).toEqual(["metadata.annotations.wave"]);
  }
});
