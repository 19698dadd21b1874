import rule from "scripts/rules/pods/require-grace-period.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [undefined, 30],
  [119, 119],
])("%s", (seconds, is) => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).terminationGracePeriodSeconds = seconds;
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 spec.template.spec.terminationGracePeriodSeconds: must be at least 120, is ${is}`,
  ]);
});

test("time that is slept away", () => {
  const { manifests, object } = staging();
  const pod = podSpec(object("StatefulSet/mezo-node-0"));
  pod.containers[0].lifecycle = { preStop: { sleep: { seconds: 10 } } };
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.terminationGracePeriodSeconds: must be at least 120 and 10 that preStop sleeps, is 120",
  ]);
  pod.terminationGracePeriodSeconds = 130;
  expect(findings(rule, manifests)).toEqual([]);
});
