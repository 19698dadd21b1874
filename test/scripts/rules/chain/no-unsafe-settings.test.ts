import rule from "scripts/rules/chain/no-unsafe-settings.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  [
    "double_sign_check_height = 0",
    "double_sign_check_height = 10",
    "consensus.double_sign_check_height: must be 0, is 10: 1 checks nothing",
  ],
  ["unsafe = false", "unsafe = true", "rpc.unsafe: must be false, is true: unsafe RPC"],
  ['pprof_laddr = ""', 'pprof_laddr = "0.0.0.0:6060"', 'rpc.pprof_laddr: must be "", is "0.0.0.0:6060": profiles'],
])("%s", (from, to, message) => {
  const found = findings(rule, withToml(staging().manifests, "config.toml", from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`config.toml ${message}`);
});
