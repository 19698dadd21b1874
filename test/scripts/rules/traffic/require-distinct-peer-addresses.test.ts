import rule from "scripts/rules/traffic/require-distinct-peer-addresses.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

/** Staging with the policy that Kubernetes has by default on one of its load balancers. */
function clustered() {
  const { manifests, object } = staging();
  delete object("Service/mezo-node-2").spec.externalTrafficPolicy;
  return manifests;
}

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a load balancer that hides where peers come from", () => {
  expect(findings(rule, clustered())).toEqual([
    "Service/mezo-node-2 spec.externalTrafficPolicy: must be Local while config.toml has p2p.allow_duplicate_ip = false, is missing",
  ]);
});

test("a load balancer that says so", () => {
  const { manifests, object } = staging();
  object("Service/mezo-node-2").spec.externalTrafficPolicy = "Cluster";
  expect(findings(rule, manifests)).toEqual([expect.stringMatching(/must be Local .*, is Cluster$/)]);
});

test("a node that takes several peers from one address may have either policy", () => {
  const many = withToml(clustered(), "config.toml", "allow_duplicate_ip = false", "allow_duplicate_ip = true");
  expect(findings(rule, many)).toEqual([]);
});

test("a Service inside the cluster has no such policy, and one without p2p needs none", () => {
  const { manifests, object } = staging();
  const inside = object("Service/mezo-node-1").spec;
  delete inside.type;
  delete inside.externalTrafficPolicy;
  Object.assign(object("Service/mezo-rpc").spec, { type: "LoadBalancer" });
  expect(findings(rule, manifests)).toEqual([]);
});
