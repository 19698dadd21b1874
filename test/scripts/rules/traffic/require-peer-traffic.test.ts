import rule from "scripts/rules/traffic/require-peer-traffic.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const annotations = (o: Any) => o.metadata.annotations;

test.each<[string, (object: Any) => void, string]>([
  ["Service/mezo-node-0", (o) => delete o.spec.selector, "spec.selector: must be set"],
  ["Service/mezo-node-0", (o) => (o.spec.type = "ClusterIP"), "spec.type: must be LoadBalancer, is ClusterIP"],
  ["Service/mezo-node-0", (o) => delete o.spec.publishNotReadyAddresses, "publishNotReadyAddresses: must be true"],
  [
    "Service/mezo-node-0",
    (o) => (o.spec.loadBalancerSourceRanges = ["10.0.0.0/8"]),
    "loadBalancerSourceRanges: must not",
  ],
  ["Service/mezo-node-0", (o) => delete annotations(o)["argocd.argoproj.io/sync-options"], "must include Delete=false"],
  ["Service/mezo-node-0", (o) => delete annotations(o)["cloud.google.com/l4-rbs"], "must be enabled"],
  [
    "Service/mezo-node-0",
    (o) => delete annotations(o)["networking.gke.io/load-balancer-ip-addresses"],
    "must be set: DNS leads peers to the reserved address",
  ],
  [
    "StatefulSet/mezo-node-0",
    (o) => (podSpec(o).dnsPolicy = "Default"),
    "must resolve names through the cluster's DNS",
  ],
  [
    "StatefulSet/mezo-node-0",
    (o) => (podSpec(o).hostAliases = [{ ip: "127.0.0.1", hostnames: ["x"] }]),
    "must resolve names through the cluster's DNS",
  ],
])("%s", (id, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${id} `);
  expect(found[0]).toContain(message);
});

test.each<[string, (spec: Any) => void, string]>([
  ["p2p closed", (spec) => delete spec.ingress, "no NetworkPolicy allows ingress on 26656/TCP"],
  [
    "p2p for some",
    (spec) => (spec.ingress[0].from = [{ podSelector: {} }]),
    "no NetworkPolicy allows ingress on 26656/TCP",
  ],
  ["no way to peers", (spec) => spec.egress.splice(1, 1), "no NetworkPolicy allows egress on 26656/TCP"],
  ["no names", (spec) => spec.egress.splice(0, 1), "no NetworkPolicy allows egress on 53/UDP"],
  [
    "the wrong protocol",
    (spec) => (spec.egress[1].ports[0].protocol = "UDP"),
    "no NetworkPolicy allows egress on 26656/TCP",
  ],
  ["another policy's type", (spec) => (spec.policyTypes = ["Ingress"]), "no NetworkPolicy allows egress on 53/TCP"],
])("%s: found at every validator", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(object("NetworkPolicy/mezo-node").spec);
  const found = findings(rule, manifests).filter((line) => line.includes(message));
  expect(found).toHaveLength(network.validators.length);
});

test("a policy for every port passes, and so does no load balancer where there is no cloud", () => {
  const { manifests, object } = staging();
  delete object("NetworkPolicy/mezo-node").spec.ingress[0].ports;
  for (const { index } of network.validators) object(`Service/mezo-node-${index}`).spec.type = "ClusterIP";
  expect(findings(rule, manifests, local)).toEqual([]);
});
