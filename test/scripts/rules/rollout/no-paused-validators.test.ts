import rule from "scripts/rules/rollout/no-paused-validators.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";

test("staging passes", () => {
  expect([...rule.check([], network)]).toEqual([]);
  expect([...rule.check([], undefined)]).toEqual([]);
});

test("a paused validator is a warning with its reason", () => {
  const paused = [{ validator: 3, reason: "its machine burned down" }];
  expect([...rule.check([], { ...network, paused })]).toEqual([
    {
      severity: "warning",
      object: "generators/networks/staging.ts",
      field: "paused[0]",
      message: "mezo-node-3 does not run: its machine burned down",
    },
  ]);
});
