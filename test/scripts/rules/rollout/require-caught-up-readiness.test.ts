import rule from "scripts/rules/rollout/require-caught-up-readiness.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [
    "ready at the first answer",
    (node: Any) => delete node.readinessProbe.successThreshold,
    "readinessProbe.successThreshold: must be 2 or more",
  ],
  [
    "readiness by /status, which answers while catching up",
    (node: Any) => (node.readinessProbe = { httpGet: { path: "/status", port: "rpc" }, successThreshold: 2 }),
    "readinessProbe: must ask whether",
  ],
  [
    "no startup probe",
    (node: Any) => delete node.startupProbe,
    "startupProbe: must give the node time to replay blocks",
  ],
  [
    "a liveness probe that is the readiness probe",
    (node: Any) => (node.livenessProbe = node.readinessProbe),
    "livenessProbe: must only ask whether the node answers",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-3")).containers[0]);
  expect(findings(rule, manifests)).toEqual([
    expect.stringContaining(`StatefulSet/mezo-node-3 spec.template.spec.containers[0].${message}`),
  ]);
});

test("no readiness probe", () => {
  const { manifests, object } = staging();
  delete podSpec(object("StatefulSet/mezo-node-3")).containers[0].readinessProbe;
  expect(findings(rule, manifests)[0]).toContain("containers[0].readinessProbe: must ask whether");
});
