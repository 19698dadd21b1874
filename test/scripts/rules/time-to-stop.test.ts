import rule from "scripts/rules/time-to-stop.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "./overlay.ts";

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
