import rule from "scripts/rules/rollout/require-services-first.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotation = "argocd.argoproj.io/sync-wave";

test("a validator's Service in the wave of the first validator", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-4").metadata.annotations[annotation] = "1";
  expect(findings(rule, manifests)).toEqual([
    "Service/mezo-node-4 metadata.annotations: comes in wave 1, with or after the first validator",
  ]);
});

test("an Ingress before the last validator", () => {
  const { manifests, object } = staging();
  object("Ingress/mezo-rpc").metadata.annotations[annotation] = "5";
  expect(findings(rule, manifests)).toEqual([
    "Ingress/mezo-rpc metadata.annotations: comes in wave 5 and would hold validators back",
  ]);
});
