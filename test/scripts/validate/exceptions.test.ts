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
const field = "spec.timeoutSec";
const message = "must be at least 1800, is 60";
const draining = `rule: "${rule}", object: "${object}", field: "spec.connectionDraining.drainingTimeoutSec", message: "${message}"`;
const whole = `rule: "${rule}", object: "${object}", field: "${field}", message: "${message}"`;

test("an exception excuses a finding, and its reason is shown", () => {
  const { code, stdout } = run(
    staging(`[{ ${whole}, reason: "${reason}" }, { ${draining}, reason: "${reason}" }]`),
    "validate",
  );
  expect(stdout).toContain(`excused staging ${object} spec.timeoutSec: must be at least 1800, is 60`);
  expect(stdout).toContain(`because: ${reason} [${rule}]`);
  expect(stdout).toMatch(/valid, \d+ warnings, 2 exceptions\n$/);
  expect(code).toBe(0);
});

/** What `pnpm validate` says where an exception excuses nothing. */
const unneeded = (why: string) =>
  `warning generators/networks/staging.ts exceptions[0]: is not needed: ${rule} finds ${why}`;

test.each([
  ["object", whole.replace(object, "BackendConfig/x"), unneeded(`nothing in BackendConfig/x ${field}`)],
  ["field", whole.replace(field, "spec.logging"), unneeded(`nothing in ${object} spec.logging`)],
  ["field, as none", whole.replace(`field: "${field}", `, ""), unneeded(`nothing in ${object}`)],
  [
    "value",
    whole.replace("is 60", "is 900"),
    unneeded("").replace("finds ", `says of ${object} ${field} "${message}", not "must be at least 1800, is 900"`),
  ],
])("with an exception for another %s, the same finding is an error, with what to copy", (_part, exception, says) => {
  const { code, stdout } = run(staging(`[{ ${exception}, reason: "${reason}" }]`), "validate");
  expect(stdout).toContain(`error staging ${object} ${field}: ${message}`);
  expect(stdout).toContain(`to allow it, with a reason: exceptions: [{ ${whole}, reason: "…" }]`);
  expect(stdout).toContain(says);
  expect(code).toBe(1);
});

test.each([
  [
    '[{ rule: "web-sockets", object: "Service/x", message: "is wrong", reason: "a drill that ends on Friday" }]',
    /exceptions\[0\].rule: there is no rule "web-sockets"/,
  ],
  ['[{ rule: "require-websocket-timeout", reason: "" }]', /exceptions\[0\].reason: "" must explain in a sentence why/],
  ['[{ rule: "require-websocket-timeout" }]', /exceptions\[0\].reason: is missing/],
  ['[{ rule: "require-websocket-timeout" }]', /exceptions\[0\].object: is missing/],
  ['[{ rule: "require-websocket-timeout" }]', /exceptions\[0\].message: is missing/],
  [
    '[{ rule: "require-websocket-timeout", why: "so" }]',
    /exceptions\[0\].why: "so" unknown key; the keys here are rule, /,
  ],
])("%s is refused", (exceptions, refusal) => {
  const root = checkout();
  edit(join(root, "generators/networks/staging.ts"), (text) =>
    text.replace('name: "staging",', `name: "staging",\n  exceptions: ${exceptions},`),
  );
  const { code, stdout, stderr } = run(root, "validate", "staging");
  expect(stdout + stderr).toMatch(refusal);
  expect(code).toBe(1);
});

const finding = (of: string, field: string) => ({ severity: "error" as const, object: of, field, message: "is wrong" });

test("neither an excuse nor a fingerprint depends on the hash in a ConfigMap's name", () => {
  const found = reported(rules[0] ?? never(), "staging", [finding("ConfigMap/mezo-node-config-8k2fgt7c6m", "data")]);
  const exceptions = [
    { rule: rules[0]?.id ?? "", object: "ConfigMap/mezo-node-config", field: "data", message: "is wrong", reason },
  ];
  expect(found[0]?.fingerprint).toBe(`${rules[0]?.id}/staging/ConfigMap/mezo-node-config/data`);
  expect(excused(found, { exceptions })).toEqual([{ ...found[0], excuse: reason }]);
  expect(badExceptions({ name: "staging", exceptions }, found, rules)).toEqual([]);
});

test("an exception for one of two findings in a field excuses no other", () => {
  const of = (namespace: string) => ({
    ...finding("ConfigMap/mezo-node-config", "app.toml json-rpc.api"),
    message: `offers ${namespace}`,
  });
  const found = reported(rules[0] ?? never(), "staging", [of("mezo"), of("personal")]);
  const exceptions = [
    {
      rule: rules[0]?.id ?? "",
      object: "ConfigMap/mezo-node-config",
      field: "app.toml json-rpc.api",
      message: "offers mezo",
      reason,
    },
  ];
  expect(excused(found, { exceptions }).map(({ excuse }) => excuse)).toEqual([reason, undefined]);
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
