import rule from "scripts/rules/traffic/require-enforced-policies.ts";
import { expect, test } from "vitest";
import { local, staging } from "../../../support/networks.ts";

test("staging is told that its cluster enforces no policy, as a warning with the remedy", () => {
  expect([...rule.check([], staging)]).toEqual([
    {
      severity: "warning",
      object: "generators/networks/staging.ts",
      field: "gke.networkPolicies",
      message:
        "cluster mezo-staging-gke-cluster enforces no NetworkPolicy: every pod in it reaches every port of the validators, those that `expose` leaves out too",
    },
  ]);
  expect(rule.fix).toMatch(/^Switch on network policy enforcement .* set `gke\.networkPolicies`/);
});

test("a cluster that enforces policies passes, and so does a network that is not on GKE", () => {
  const gke = { ...(staging.gke as NonNullable<typeof staging.gke>), networkPolicies: "enforced" as const };
  expect([...rule.check([], { ...staging, gke })]).toEqual([]);
  expect([...rule.check([], local)]).toEqual([]);
});
