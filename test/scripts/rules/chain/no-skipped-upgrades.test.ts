import rule from "scripts/rules/chain/no-skipped-upgrades.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";

test("staging passes", () => {
  expect([...rule.check([], network)]).toEqual([]);
});

test("every height that is skipped is shown", () => {
  const found = [...rule.check([], { ...network, emergency: { skipUpgrades: [7, 8] } })];
  expect(found.map(({ severity, field, message }) => [severity, field, message])).toEqual([
    ["warning", "emergency.skipUpgrades[0]", "every node skips the plan that is due at height 7"],
    ["warning", "emergency.skipUpgrades[1]", "every node skips the plan that is due at height 8"],
  ]);
});
