import rule from "scripts/rules/traffic/valid-port-numbers.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (object: Any) => void, string]>([
  ["Service/mezo-node-0", (o) => (o.spec.ports[0].targetPort = "rpc"), "spec.ports[0].targetPort: leads p2p to rpc"],
  ["Service/mezo-node-0", (o) => (o.spec.ports[0].port = 26657), "spec.ports[0].port: p2p is 26657, and the network's"],
  ["Service/mezo-node-0", (o) => (o.spec.ports[0].protocol = "UDP"), "spec.ports[0].protocol: must be TCP, is UDP"],
  ["Service/mezo-rpc", (o) => delete o.spec.ports[0].targetPort, "targetPort: leads json-rpc to undefined"],
  ["Service/ethereum-sidecar", (o) => (o.spec.ports[0].port = 7501), "server is 7501, and the network's is 7500"],
  [
    "StatefulSet/mezo-node-0",
    (o) => (podSpec(o).containers[0].ports[0].containerPort = 1),
    "p2p is 1, and the network's",
  ],
  [
    "Deployment/ethereum-sidecar",
    (o) => (podSpec(o).containers[0].ports[0].name = "x"),
    "x is 7500, and the network's",
  ],
])("%s", (id, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${id} `);
  expect(found[0]).toContain(message);
});
