import rule from "scripts/rules/pods/valid-sidecar.ts";
import { expect, test } from "vitest";
import {
  type Any,
  findings,
  findingsAfter,
  findingsRenamed,
  podSpec,
  staging,
} from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  [
    "Deployment/ethereum-sidecar",
    "a validator's keys",
    (o) => (podSpec(o).containers[0].env[0].valueFrom.secretKeyRef.name = "mezo-node-1-keystore"),
    "must be ethereum-sidecar-config, is mezo-node-1-keystore",
  ],
  [
    "Deployment/ethereum-sidecar",
    "before the validators",
    (o) => delete o.metadata.annotations,
    "must have argocd.argoproj.io/sync-wave",
  ],
  [
    "Deployment/ethereum-sidecar",
    "a second container",
    (o) => podSpec(o).containers.push({ name: "more" }),
    "containers[1]: must not be there",
  ],
  ["Deployment/ethereum-sidecar", "paused", (o) => (o.spec.paused = true), "spec.paused: must not be set"],
])("%s: %s", (id, _fault, change, message) => {
  expect(findingsAfter(rule, id, change)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  expect(findingsRenamed(rule, "Deployment/ethereum-sidecar")).toEqual([
    "Deployment/ethereum-sidecar : there must be one; there are 0",
    "Deployment/other : the network has no such object",
  ]);
});
