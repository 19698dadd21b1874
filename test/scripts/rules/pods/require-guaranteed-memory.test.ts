import rule from "scripts/rules/pods/require-guaranteed-memory.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.containers[0]";

test.each<[string, (node: Any) => void, string[]]>([
  [
    "a limit above the request",
    ({ resources }) => (resources.limits.memory = "16Gi"),
    ["resources.limits.memory: must be the request, 10Gi; is 16Gi"],
  ],
  [
    "no limit",
    ({ resources }) => delete resources.limits,
    ["resources.limits.memory: must be the request, 10Gi; is missing"],
  ],
  ["no request", ({ resources }) => delete resources.requests.cpu, ['resources.requests["cpu"]: must be set']],
  [
    "no request of a disk",
    ({ resources }) => delete resources.requests["ephemeral-storage"],
    ['resources.requests["ephemeral-storage"]: must be set'],
  ],
  [
    "a limit of a disk",
    ({ resources }) => (resources.limits["ephemeral-storage"] = "1Gi"),
    ['resources.limits["ephemeral-storage"]: must not be set: a pod that exceeds it is evicted'],
  ],
  [
    "a limit of cpu",
    ({ resources }) => (resources.limits.cpu = "4"),
    ["resources.limits.cpu: must not be set: a throttled node votes late"],
  ],
  ["no limit for Go", ({ env }) => env.splice(0, 1), ["env: must set GOMEMLIMIT"]],
  [
    "a limit for Go above the container's",
    ({ env }) => (env[0].value = "17GiB"),
    ["env: GOMEMLIMIT must be at most 90 % of the memory limit of 10Gi, is 17GiB"],
  ],
  [
    "a limit for Go that is the container's",
    ({ env }) => (env[0].value = "10GiB"),
    ["env: GOMEMLIMIT must be at most 90 % of the memory limit of 10Gi, is 10GiB"],
  ],
  [
    "a limit for Go that is none",
    ({ env }) => (env[0].value = "off"),
    ["env: GOMEMLIMIT must be at most 90 % of the memory limit of 10Gi, is off"],
  ],
])("%s", (_fault, change, messages) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")).containers[0]);
  expect(findings(rule, manifests)).toEqual(messages.map((message) => `StatefulSet/mezo-node-0 ${field}.${message}`));
});
