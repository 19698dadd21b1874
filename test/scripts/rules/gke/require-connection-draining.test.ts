import rule from "scripts/rules/gke/require-connection-draining.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.connectionDraining.drainingTimeoutSec";

test.each([
  ["BackendConfig/mezo-rpc-backend-config", 30],
  ["BackendConfig/mezo-rpc-ws-backend-config", 1800],
])("%s without draining", (id, least) => {
  const { manifests, object } = staging();
  delete object(id).spec.connectionDraining;
  expect(findings(rule, manifests)).toEqual([
    `${id} ${field}: must be at least ${least}, the time in which a backend answers; is 0`,
  ]);
});

test("draining that is shorter than an answer may take", () => {
  const { manifests, object } = staging();
  object("BackendConfig/mezo-rpc-backend-config").spec.timeoutSec = 60;
  expect(findings(rule, manifests)[0]).toContain("must be at least 60, the time in which a backend answers; is 30");
});
