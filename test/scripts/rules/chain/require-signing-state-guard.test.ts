import rule from "scripts/rules/chain/require-signing-state-guard.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsWithPod, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const dataOf = (spec: Any, at: string) =>
  spec.containers[0].volumeMounts.find(({ mountPath }: Any) => mountPath === `/mnt/.mezod/${at}`);

test.each([
  [
    "no preflight",
    (spec: Any) => (spec.initContainers = []),
    "initContainers: must run this validator's preflight script",
  ],
  [
    "another validator's preflight",
    (spec: Any) => (spec.initContainers[0].args[0] = spec.initContainers[0].args[0].replaceAll("node-0", "node-1")),
    "initContainers: must run this validator's preflight script",
  ],
  [
    "a signing state that is made anew",
    (spec: Any) => (spec.initContainers[0].args[0] = "echo '{}' > /mnt/.mezod/data/priv_validator_state.json"),
    "initContainers: must run this validator's preflight script",
  ],
  [
    "data that goes with the pod",
    (spec: Any) => (dataOf(spec, "data").name = "tmp"),
    "containers[0].volumeMounts: must mount a claim",
  ],
  [
    "data elsewhere",
    (spec: Any) => (dataOf(spec, "data").mountPath = "/data"),
    "containers[0].volumeMounts: must mount a claim",
  ],
  [
    "data in a folder of it",
    (spec: Any) => (dataOf(spec, "data").subPath = "x"),
    "containers[0].volumeMounts: must mount a claim",
  ],
])("%s", (_fault, change, message) => {
  expect(findingsWithPod(rule, change)).toEqual([
    expect.stringContaining(`StatefulSet/mezo-node-0 spec.template.spec.${message}`),
  ]);
});
