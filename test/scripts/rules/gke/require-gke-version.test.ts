import rule from "scripts/rules/gke/require-gke-version.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

const [baseline] = kubernetesVersions;
const at = (version: string) => ({ ...network, gke: { ...(network.gke as NonNullable<typeof network.gke>), version } });

test("staging passes, and so does a newer version", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, staging().manifests, at("1.99"))).toEqual([]);
});

test("a version that does not take addresses by name", () => {
  const found = findings(rule, staging().manifests, at("1.28")).filter((each) => each.includes("annotations"));
  expect(found).toHaveLength(network.validators.length);
  expect(found[0]).toContain("needs GKE 1.29 or newer; gke.version is 1.28");
});

test("a version without the sleep hook", () => {
  const found = findings(rule, staging().manifests, at("1.29"));
  const field = "spec.template.spec.containers[0].lifecycle.preStop.sleep";
  expect(found.filter((each) => each.includes(field))).toEqual(
    network.validators.map(
      ({ moniker }) => `StatefulSet/${moniker} ${field}: needs GKE 1.30 or newer; gke.version is 1.29`,
    ),
  );
});

test("a version that nothing is checked against is a warning", () => {
  expect(baseline).toMatch(/^1\.33\./);
  const [found, more] = [...rule.check(staging().manifests, at("1.32"))];
  expect([found?.severity, found?.field, more]).toEqual(["warning", "gke.version", undefined]);
  expect(found?.message).toBe("is 1.32: nothing here is checked against a version older than 1.33");
});
