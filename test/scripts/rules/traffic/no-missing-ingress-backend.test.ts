import rule from "scripts/rules/traffic/no-missing-ingress-backend.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a default backend without its Service", () => {
  const { manifests, object } = staging();
  object("Ingress/mezo-rpc").spec.defaultBackend.service.name = "rpc";
  expect(findings(rule, manifests)).toEqual([
    "Ingress/mezo-rpc spec.defaultBackend.service.name: there is no Service rpc",
  ]);
});

test("a port that the Service does not have", () => {
  const { manifests, object } = staging();
  object("Ingress/mezo-rpc-ws").spec.defaultBackend.service.port.number = 9546;
  expect(findings(rule, manifests)).toEqual([
    "Ingress/mezo-rpc-ws spec.defaultBackend.service.port: Service mezo-rpc has no port 9546",
  ]);
});

test("a path's backend, its port by name", () => {
  const { manifests, object } = staging();
  const backend = { service: { name: "mezo-rpc", port: { name: "http" } } };
  object("Ingress/mezo-rpc").spec.rules = [{ http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
  expect(findings(rule, manifests)).toEqual([
    "Ingress/mezo-rpc spec.rules[0].http.paths[0].backend.service.port: Service mezo-rpc has no port http",
  ]);
});
