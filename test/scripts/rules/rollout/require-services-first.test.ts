import rule from "scripts/rules/rollout/require-services-first.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotation = "argocd.argoproj.io/sync-wave";

test("a validator's Service in the wave of the first validator", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-4").metadata.annotations[annotation] = "1";
  expect(findings(rule, manifests)).toEqual([
    "Service/mezo-node-4 metadata.annotations: must be in a wave before 1, the first validator's; is in wave 1",
  ]);
});
