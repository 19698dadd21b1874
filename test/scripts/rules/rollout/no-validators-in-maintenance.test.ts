import rule from "scripts/rules/rollout/no-validators-in-maintenance.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";

test("staging passes", () => {
  expect([...rule.check([], network)]).toEqual([]);
});

test("every validator in maintenance is shown, with the reason", () => {
  const maintenance = [{ validator: 3, reason: "its database is copied" }];
  expect([...rule.check([], { ...network, maintenance })]).toEqual([
    {
      severity: "warning",
      object: "generators/networks/staging.ts",
      field: "maintenance[0]",
      message: "mezo-node-3 has a pod in which no node runs: its database is copied",
    },
  ]);
});
