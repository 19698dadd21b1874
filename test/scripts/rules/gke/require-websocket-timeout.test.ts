import rule from "scripts/rules/gke/require-websocket-timeout.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each(["timeoutSec", "connectionDraining"])("without %s", (key) => {
  const { manifests, object } = staging();
  delete object("BackendConfig/mezo-rpc-ws-backend-config").spec[key];
  expect(findings(rule, manifests)).toEqual([
    expect.stringMatching(/^BackendConfig\/mezo-rpc-ws-backend-config spec\..*must be at least 1800, is (30|0)$/),
  ]);
});

test("the WebSocket's port with the BackendConfig of plain requests", () => {
  const { manifests, object } = staging();
  const { annotations } = object("Service/mezo-rpc").metadata;
  annotations["cloud.google.com/backend-config"] = annotations["cloud.google.com/backend-config"].replace(
    "-ws-b",
    "-b",
  );
  expect(findings(rule, manifests)).toHaveLength(2);
});

test("the WebSocket's port without a BackendConfig", () => {
  const { manifests, object } = staging();
  delete object("Service/mezo-rpc").metadata.annotations["cloud.google.com/backend-config"];
  expect(findings(rule, manifests)).toEqual([
    "Ingress/mezo-rpc-ws spec.defaultBackend: leads to json-rpc-ws, which has no BackendConfig",
  ]);
});
