import rule from "scripts/rules/rollout/require-caught-up-readiness.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["no readiness", (node: Any) => delete node.readinessProbe, "readinessProbe: must ask whether"],
  [
    "readiness by /status, which answers while catching up",
    (node: Any) => (node.readinessProbe = { httpGet: { path: "/status", port: "rpc" } }),
    "readinessProbe: must ask whether",
  ],
  ["no startup", (node: Any) => delete node.startupProbe, "startupProbe: must give"],
  [
    "liveness by readiness",
    (node: Any) => (node.livenessProbe = node.readinessProbe),
    "livenessProbe: must ask no more",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-3")).containers[0]);
  expect(findings(rule, manifests)).toEqual([
    expect.stringContaining(`StatefulSet/mezo-node-3 spec.template.spec.containers[0].${message}`),
  ]);
});
