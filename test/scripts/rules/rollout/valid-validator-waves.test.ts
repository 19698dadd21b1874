import rule from "scripts/rules/rollout/valid-validator-waves.ts";
import { expect, test } from "vitest";
import { staging as stagingNetwork } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotation = "argocd.argoproj.io/sync-wave";
const field = `metadata.annotations["${annotation}"]`;

test("two validators in one wave", () => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-3").metadata.annotations[annotation] = "2";
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-3 ${field}: is the 2. validator of wave 2, which takes 1`,
  ]);
});

test("a validator without a wave", () => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").metadata.annotations[annotation];
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: is wave 0: Services and keys must come before it`,
  ]);
});

test("all at once over several waves", () => {
  const network = { ...stagingNetwork, rollout: "all-at-once" as const };
  expect(findings(rule, staging().manifests, network)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: all-at-once needs one wave, not 5`,
  ]);
});
