import rule from "scripts/rules/chain/no-empty-starts.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";

test("staging passes", () => {
  expect([...rule.check([], network)]).toEqual([]);
  expect([...rule.check([], undefined)]).toEqual([]);
});

test("a validator that may start with an empty volume is a warning", () => {
  expect([...rule.check([], { ...network, bootstrap: [2] })]).toEqual([
    {
      severity: "warning",
      object: "generators/networks/staging.ts",
      field: "bootstrap[0]",
      message: "mezo-node-2 may start with an empty volume",
    },
  ]);
});
