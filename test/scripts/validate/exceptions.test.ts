import { join } from "node:path";
import { rules } from "scripts/rules/index.ts";
import { badExceptions, excused } from "scripts/validate/exceptions.ts";
import { reported } from "scripts/validate/reported-finding.ts";
import { expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { checkout, run } from "../../support/checkout.ts";

const reason = "a drill that ends on Friday";

/** A staging network with a rule broken, and with exceptions. */
function staging(exceptions: string): string {
  const root = checkout();
  edit(join(root, "generators/networks/staging.ts"), (text) =>
    text.replace('name: "staging",', `name: "staging",\n  exceptions: ${exceptions},`),
  );
  edit(join(root, "generators/components/json-rpc.ts"), (text) =>
    text.replaceAll("webSocketSeconds = 1800", "webSocketSeconds = 60"),
  );
  expect(run(root, "gen").code).toBe(0);
  return root;
}

const rule = "require-websocket-timeout";
const object = "BackendConfig/mezo-rpc-ws-backend-config";

test("an exception excuses a finding, and its reason is shown", () => {
  const { code, stdout } = run(staging(`[{ rule: "${rule}", object: "${object}", reason: "${reason}" }]`), "validate");
  expect(stdout).toContain(`excused staging ${object} spec.timeoutSec: must be at least 1800, is 60`);
  expect(stdout).toContain(`because: ${reason} [${rule}]`);
  expect(stdout).toMatch(/valid, \d warnings, 2 exceptions\n$/);
  expect(code).toBe(0);
});

test("with an exception for another object, the same finding is an error", () => {
  const { code, stdout } = run(
    staging(`[{ rule: "${rule}", object: "BackendConfig/x", reason: "${reason}" }]`),
    "validate",
  );
  expect(stdout).toContain(`error staging ${object} spec.timeoutSec: must be at least 1800, is 60`);
  expect(stdout).toContain(
    `warning generators/networks/staging.ts exceptions[0]: is not needed: ${rule} finds nothing in BackendConfig/x`,
  );
  expect(code).toBe(1);
});

test.each([
  [
    '[{ rule: "web-sockets", reason: "a drill that ends on Friday" }]',
    /exceptions\[0\].rule: there is no rule "web-sockets"/,
  ],
  ['[{ rule: "require-websocket-timeout", reason: "" }]', /exceptions\[0\].reason: "" must explain in a sentence why/],
  ['[{ rule: "require-websocket-timeout" }]', /exceptions\[0\].reason: is missing/],
  [
    '[{ rule: "require-websocket-timeout", why: "so" }]',
    /exceptions\[0\].why: "so" unknown key; the keys here are rule, /,
  ],
])("%s is refused", (exceptions, message) => {
  const root = checkout();
  edit(join(root, "generators/networks/staging.ts"), (text) =>
    text.replace('name: "staging",', `name: "staging",\n  exceptions: ${exceptions},`),
  );
  const { code, stdout, stderr } = run(root, "validate", "staging");
  expect(stdout + stderr).toMatch(message);
  expect(code).toBe(1);
});

const finding = (of: string, field: string) => ({ severity: "error" as const, object: of, field, message: "is wrong" });

test("neither an excuse nor a fingerprint depends on the hash in a ConfigMap's name", () => {
  const found = reported(rules[0] ?? never(), "staging", [finding("ConfigMap/mezo-node-config-8k2fgt7c6m", "data")]);
  const exceptions = [{ rule: rules[0]?.id ?? "", object: "ConfigMap/mezo-node-config", reason }];
  expect(found[0]?.fingerprint).toBe(`${rules[0]?.id}/staging/ConfigMap/mezo-node-config/data`);
  expect(excused(found, { exceptions })).toEqual([{ ...found[0], excuse: reason }]);
  expect(badExceptions({ name: "staging", exceptions }, found, rules)).toEqual([]);
});

test("repeated findings in one field have fingerprints of their own", () => {
  const twice = [finding("Service/x", "spec"), finding("Service/x", "spec"), finding("Service/y", "spec")];
  expect(reported(rules[0] ?? never(), "", twice).map(({ fingerprint }) => fingerprint)).toEqual([
    `${rules[0]?.id}/Service/x/spec`,
    `${rules[0]?.id}/Service/x/spec#2`,
    `${rules[0]?.id}/Service/y/spec`,
  ]);
});

function never(): never {
  throw new Error("there are rules");
}
