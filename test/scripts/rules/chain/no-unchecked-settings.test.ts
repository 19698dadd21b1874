import rule from "scripts/rules/chain/no-unchecked-settings.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("each key that nobody checks is a warning, also where it is one validator's", () => {
  const extra = { app: { "json-rpc": { "new-cap": 5 } }, client: {}, config: {} };
  const settings = { ...network.settings, extra };
  const odd = { ...network, settings, perValidator: [{ validator: 3, settings, storage: {} }] };
  expect(findings(rule, [], odd)).toEqual([
    'generators/networks/staging.ts settings.extra.app["json-rpc"]["new-cap"]: 5 goes to app.toml unchecked',
    'generators/networks/staging.ts perValidator[0].settings.extra.app["json-rpc"]["new-cap"]: 5 goes to app.toml unchecked',
  ]);
  expect([...rule.check([], odd)].map(({ severity }) => severity)).toEqual(["warning", "warning"]);
});
