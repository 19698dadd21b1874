import rule from "scripts/rules/rollout/valid-validator-waves.ts";
import { expect, test } from "vitest";
import { staging as stagingNetwork } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotation = "argocd.argoproj.io/sync-wave";
const field = `metadata.annotations["${annotation}"]`;

test("two validators in one wave", () => {
  const { manifests, object } = staging();
  object("StatefulSet/mezo-node-3").metadata.annotations[annotation] = "2";
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-3 ${field}: wave 2 has 2 validators; the rollout allows 1`,
  ]);
});

test("a validator without a wave", () => {
  const { manifests, object } = staging();
  delete object("StatefulSet/mezo-node-0").metadata.annotations[annotation];
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: must be 1 or more, after Services and keys; is 0`,
  ]);
});

test("all at once over several waves", () => {
  const network = { ...stagingNetwork, rollout: "all-at-once" as const };
  expect(findings(rule, staging().manifests, network)).toEqual([
    `StatefulSet/mezo-node-0 ${field}: the rollout all-at-once needs one wave; there are 5`,
  ]);
});
