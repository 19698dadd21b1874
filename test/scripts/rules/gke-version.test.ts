import network from "generators/networks/staging.ts";
import rule from "scripts/rules/gke-version.ts";
import { expect, test } from "vitest";
import { findings, staging } from "./overlay.ts";

const at = (version: string) => ({ ...network, gke: { ...(network.gke as NonNullable<typeof network.gke>), version } });

test("staging holds, and newer versions do", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, staging().manifests, at("1.30"))).toEqual([]);
});

test("a version that does not know addresses by name", () => {
  const found = findings(rule, staging().manifests, at("1.28"));
  expect(found).toHaveLength(5);
  expect(found[0]).toContain("needs GKE 1.29, and gke.version allows 1.28");
});
