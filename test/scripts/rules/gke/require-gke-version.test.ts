import rule from "scripts/rules/gke/require-gke-version.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

const at = (version: string) => ({ ...network, gke: { ...(network.gke as NonNullable<typeof network.gke>), version } });

test("staging passes, and so does a newer version", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, staging().manifests, at("1.30"))).toEqual([]);
});

test("a version that does not take addresses by name", () => {
  const found = findings(rule, staging().manifests, at("1.28"));
  expect(found).toHaveLength(network.validators.length);
  expect(found[0]).toContain("needs GKE 1.29 or newer; gke.version is 1.28");
});

test("a version without the sleep hook", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).containers[0].lifecycle = { preStop: { sleep: { seconds: 10 } } };
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.containers[0].lifecycle.preStop.sleep: needs GKE 1.30 or newer; gke.version is 1.29",
  ]);
  expect(findings(rule, manifests, at("1.30"))).toEqual([]);
});
