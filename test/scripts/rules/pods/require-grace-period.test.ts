import rule from "scripts/rules/pods/require-grace-period.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [undefined, 30],
  [119, 119],
])("a grace period of %s s", (seconds, is) => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).terminationGracePeriodSeconds = seconds;
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 spec.template.spec.terminationGracePeriodSeconds: must be at least 120, is ${is}`,
  ]);
});

test("a grace period that preStop shortens by its sleep", () => {
  const { manifests, object } = staging();
  const pod = podSpec(object("StatefulSet/mezo-node-0"));
  pod.containers[0].lifecycle = { preStop: { sleep: { seconds: 10 } } };
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.terminationGracePeriodSeconds: must be at least 130 (120, and 10 that preStop sleeps), is 120",
  ]);
  pod.terminationGracePeriodSeconds = 130;
  expect(findings(rule, manifests)).toEqual([]);
});

test.each<[string, object]>([
  ["a program before the end", { preStop: { exec: { command: ["sleep", "300"] } } }],
  ["a hook at the start", { preStop: { sleep: { seconds: 0 } }, postStart: { sleep: { seconds: 1 } } }],
])("%s", (_fault, lifecycle) => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).containers[0].lifecycle = lifecycle;
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.containers[0].lifecycle: must hold nothing but preStop.sleep: a program there delays SIGTERM",
  ]);
});
