import rule from "scripts/rules/gke/valid-public-endpoints.ts";
import { expect, test } from "vitest";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  "kubernetes.io/ingress.global-static-ip-name",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
  "networking.gke.io/v1beta1.FrontendConfig",
])("an Ingress without %s", (key) => {
  const { manifests, object } = staging();
  delete object("Ingress/mezo-rpc").metadata.annotations[key];
  expect(findings(rule, manifests)).toEqual([`Ingress/mezo-rpc metadata.annotations["${key}"]: must be set`]);
});

test.each([
  [
    "no redirect",
    "FrontendConfig/mezo-rpc-frontend-config",
    (o: Any) => (o.spec.redirectToHttps.enabled = false),
    "spec.redirectToHttps.enabled: must be true",
  ],
  [
    "machines as endpoints",
    "Service/mezo-rpc",
    (o: Any) => delete o.metadata.annotations["cloud.google.com/neg"],
    'metadata.annotations["cloud.google.com/neg"]: must be {"ingress":true}',
  ],
  [
    "JSON-RPC asked by GET",
    "BackendConfig/mezo-rpc-backend-config",
    (o: Any) => (o.spec.healthCheck.port = 8545),
    "spec.healthCheck.port: must be 26657, is 8545",
  ],
  [
    "HTTPS where none is",
    "BackendConfig/mezo-rpc-ws-backend-config",
    (o: Any) => (o.spec.healthCheck.type = "HTTPS"),
    "spec.healthCheck.type: must be HTTP, is HTTPS",
  ],
])("%s", (_fault, id, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  expect(findings(rule, manifests)[0]).toBe(`${id} ${message}`);
});
