import rule from "scripts/rules/traffic/valid-port-numbers.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (object: Any) => void, string]>([
  ["Service/mezo-node-0", (o) => (o.spec.ports[0].targetPort = "rpc"), "spec.ports[0].targetPort: must be p2p, is rpc"],
  [
    "Service/mezo-node-0",
    (o) => (o.spec.ports[0].port = 26657),
    "spec.ports[0].port: the port p2p must be 26656, is 26657",
  ],
  ["Service/mezo-node-0", (o) => (o.spec.ports[0].protocol = "UDP"), "spec.ports[0].protocol: must be TCP, is UDP"],
  ["Service/mezo-rpc", (o) => delete o.spec.ports[0].targetPort, "targetPort: must be json-rpc, is undefined"],
  ["Service/ethereum-sidecar", (o) => (o.spec.ports[0].port = 7501), "the port server must be 7500, is 7501"],
  [
    "StatefulSet/mezo-node-0",
    (o) => (podSpec(o).containers[0].ports[0].containerPort = 1),
    "the port p2p must be 26656, is 1",
  ],
  ["Deployment/ethereum-sidecar", (o) => (podSpec(o).containers[0].ports[0].name = "x"), "the network has no port x"],
])("%s", (id, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${id} `);
  expect(found[0]).toContain(message);
});
