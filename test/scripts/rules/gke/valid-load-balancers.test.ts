import rule from "scripts/rules/gke/valid-load-balancers.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsAfter, findingsRenamed, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  [
    "Ingress/mezo-rpc",
    "the WebSocket's port",
    (o) => (o.spec.defaultBackend.service.port.number = 8546),
    "number: must be 8545, is 8546",
  ],
  ["Ingress/mezo-rpc", "a rule of its own", (o) => (o.spec.rules = []), "spec.rules: must not be set"],
  [
    "BackendConfig/mezo-rpc-backend-config",
    "a check of a page that is not there",
    (o) => (o.spec.healthCheck.requestPath = "/"),
    "requestPath: must be /status, is /",
  ],
  [
    "FrontendConfig/mezo-rpc-frontend-config",
    "plain HTTP",
    (o) => (o.spec.redirectToHttps.enabled = false),
    "enabled: must be true, is false",
  ],
])("%s: %s", (id, _fault, change, message) => {
  expect(findingsAfter(rule, id, change)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  expect(findingsRenamed(rule, "Ingress/mezo-rpc")).toEqual([
    "Ingress/mezo-rpc : there must be one; there are 0",
    "Ingress/other : the network has no such object",
  ]);
});
