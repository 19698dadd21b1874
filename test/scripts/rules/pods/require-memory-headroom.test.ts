import rule from "scripts/rules/pods/require-memory-headroom.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.containers[0].resources";

test.each([
  [
    "a limit near the request",
    (all: Any) => (all.limits.memory = "9Gi"),
    `${field}.limits.memory: must be at least 1.5 times`,
  ],
  ["no limit", (all: Any) => delete all.limits, `${field}.limits.memory: must be set`],
  ["no request", (all: Any) => delete all.requests.cpu, `${field}.requests: must name cpu and memory`],
  ["a limit of cpu", (all: Any) => (all.limits.cpu = "4"), `${field}.limits.cpu: must not be set`],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")).containers[0].resources);
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`StatefulSet/mezo-node-0 ${message}`);
});
