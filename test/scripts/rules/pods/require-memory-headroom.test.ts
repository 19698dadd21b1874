import rule from "scripts/rules/pods/require-memory-headroom.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.containers[0]";

test.each<[string, (node: Any) => void, string[]]>([
  [
    "a limit near the request",
    ({ resources }) => (resources.limits.memory = "9Gi"),
    [
      "resources.limits.memory: must be at least 1.5 times the request of 8096Mi, is 9Gi",
      "env: GOMEMLIMIT must be below the memory limit of 9Gi, is 14745MiB",
    ],
  ],
  ["no limit", ({ resources }) => delete resources.limits, ["resources.limits.memory: must be set"]],
  ["no request", ({ resources }) => delete resources.requests.cpu, ["resources.requests: must name cpu and memory"]],
  [
    "a limit of cpu",
    ({ resources }) => (resources.limits.cpu = "4"),
    ["resources.limits.cpu: must not be set: a throttled node votes late"],
  ],
  ["no limit for Go", ({ env }) => env.splice(0, 1), ["env: must set GOMEMLIMIT"]],
  [
    "a limit for Go above the container's",
    ({ env }) => (env[0].value = "17GiB"),
    ["env: GOMEMLIMIT must be below the memory limit of 16Gi, is 17GiB"],
  ],
])("%s", (_fault, change, messages) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")).containers[0]);
  expect(findings(rule, manifests)).toEqual(messages.map((message) => `StatefulSet/mezo-node-0 ${field}.${message}`));
});
