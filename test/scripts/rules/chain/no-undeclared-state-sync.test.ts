import rule from "scripts/rules/chain/no-undeclared-state-sync.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("state sync of all validators", () => {
  const synced = withToml(
    staging().manifests,
    "config.toml",
    "[statesync]\nenable = false",
    "[statesync]\nenable = true",
  );
  expect(findings(rule, synced)).toEqual([
    expect.stringMatching(/^ConfigMap\/mezo-node-config-\w+ config.toml statesync.enable: must be false, is true$/),
  ]);
});
