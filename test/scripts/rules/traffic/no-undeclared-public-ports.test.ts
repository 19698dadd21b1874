import rule from "scripts/rules/traffic/no-undeclared-public-ports.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a port that is not in expose", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-0").spec.ports.push({ name: "rpc", port: 26657, targetPort: "rpc" });
  expect(findings(rule, manifests)).toEqual([
    "Service/mezo-node-0 spec.ports[1].port: is 26657, which is public but not in the network's `expose`",
  ]);
});

test("JSON-RPC past the Ingress", () => {
  const { manifests, object } = staging();
  object("Service/mezo-rpc").spec.type = "LoadBalancer";
  expect(findings(rule, manifests)).toHaveLength(2);
});

test("a port on every machine", () => {
  const { manifests, object } = staging();
  object("Service/ethereum-sidecar").spec.type = "NodePort";
  expect(findings(rule, manifests)).toEqual([
    "Service/ethereum-sidecar spec.type: must not be NodePort: it opens a port on every machine",
  ]);
});
