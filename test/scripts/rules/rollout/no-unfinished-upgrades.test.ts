import rule from "scripts/rules/rollout/no-unfinished-upgrades.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";

const warning = { severity: "warning", object: "generators/networks/staging.ts", field: "upgrade" };

test("staging passes", () => {
  expect([...rule.check([], network)]).toEqual([]);
});

test("a plan is shown, with the height by which all validators must have it", () => {
  const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
  const message =
    "v0.2.0-rc3 stops at height 1093500 for the plan v0.3.0, and each validator goes on by itself with v0.3.0-rc3; all of them must have this commit before that height";
  expect([...rule.check([], { ...network, upgrade })]).toEqual([{ ...warning, message }]);
});

test("so is a fork, with the height by which its release must run", () => {
  const upgrade = { before: 1_745_000, tag: "v0.4.0-rc1" };
  const image = { ...network.image, tag: "v0.3.0-rc3" };
  const message = "v0.3.0-rc3 fails at height 1745000; all validators must run v0.4.0-rc1 before that height";
  expect([...rule.check([], { ...network, image, upgrade })]).toEqual([{ ...warning, message }]);
});
