import rule from "scripts/rules/traffic/no-undeclared-flows.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const node = "{app=mezo,type=node}";

test.each([
  [
    "another port",
    (object: (id: string) => Any) => object("NetworkPolicy/mezo-node").spec.ingress[0].ports.push({ port: 26657 }),
    `spec.ingress[0]: allows ${node} from anywhere 26657/TCP`,
  ],
  [
    "every port",
    (object: (id: string) => Any) => delete object("NetworkPolicy/mezo-node").spec.egress[1].ports,
    `spec.egress[1]: allows ${node} to anywhere every port`,
  ],
  [
    "a range of ports",
    (object: (id: string) => Any) => (object("NetworkPolicy/mezo-node").spec.egress[1].ports[0].endPort = 30000),
    `spec.egress[1]: allows ${node} to anywhere 26656-30000/TCP`,
  ],
  [
    "the sidecar to everybody",
    (object: (id: string) => Any) => delete object("NetworkPolicy/ethereum-sidecar").spec.ingress[0].from,
    "spec.ingress[0]: allows {app=mezo,type=ethereum-sidecar} from anywhere 7500/TCP",
  ],
  [
    "JSON-RPC to the world",
    (object: (id: string) => Any) =>
      (object("NetworkPolicy/mezo-rpc").spec.ingress[0].from[0].ipBlock.cidr = "0.0.0.0/0"),
    `spec.ingress[0]: allows ${node} from 0.0.0.0/0 8545/TCP`,
  ],
  [
    "metrics to every namespace",
    (object: (id: string) => Any) =>
      (object("NetworkPolicy/mezo-node-metrics").spec.ingress[0].from[0].namespaceSelector = {}),
    `spec.ingress[0]: allows ${node} from namespaces {} 26660/TCP`,
  ],
  [
    "the sidecar's pods of every namespace",
    (object: (id: string) => Any) => (object("NetworkPolicy/mezo-node").spec.egress[2].to[0].namespaceSelector = {}),
    `spec.egress[2]: allows ${node} to namespaces {} pods {app=mezo,type=ethereum-sidecar} 7500/TCP`,
  ],
  [
    "pods by expressions",
    (object: (id: string) => Any) =>
      (object("NetworkPolicy/mezo-node").spec.egress[2].to[0].podSelector = {
        matchExpressions: [{ key: "app", operator: "Exists" }],
      }),
    "spec.egress[2]: allows",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(object);
  expect(findings(rule, manifests)[0]).toContain(message);
});

test("what the network declares may be opened, and nothing else", () => {
  const { manifests, object } = staging();
  object("NetworkPolicy/mezo-node").spec.ingress[0].ports.push({ port: 26657 });
  expect(findings(rule, manifests, { ...network, expose: ["p2p", "rpc"] })).toEqual([]);
  expect(findings(rule, staging().manifests, local).join()).toContain("from 130.211.0.0/22 8545/TCP");
});
