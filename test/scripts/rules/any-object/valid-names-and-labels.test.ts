import rule from "scripts/rules/any-object/valid-names-and-labels.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const long = (length: number) => "x".repeat(length);

test.each([
  ["Service/mezo-rpc", (o: Any) => (o.metadata.name = long(64)), "metadata.name: must be a DNS label of 63"],
  ["Service/mezo-rpc", (o: Any) => (o.metadata.name = "0rpc"), "metadata.name: must be a DNS label of 63"],
  ["StatefulSet/mezo-node-0", (o: Any) => (o.metadata.name = long(53)), "metadata.name: must be a DNS label of 52"],
  ["Ingress/mezo-rpc", (o: Any) => (o.metadata.name = "Mezo"), "metadata.name: must be a DNS name of 253"],
  ["Ingress/mezo-rpc", (o: Any) => (o.metadata.name = long(254)), "metadata.name: must be a DNS name of 253"],
  [
    "Service/mezo-rpc",
    (o: Any) => (o.metadata.labels.app = long(64)),
    'metadata.labels["app"]: must be a valid label value',
  ],
  [
    "Service/mezo-rpc",
    (o: Any) => (o.metadata.labels.app = "a b"),
    'metadata.labels["app"]: must be a valid label value',
  ],
  ["Service/mezo-rpc", (o: Any) => (o.metadata.labels["a b"] = "x"), "metadata.labels: a b is not a valid label name"],
  [
    "StatefulSet/mezo-node-0",
    (o: Any) => (o.spec.template.metadata.labels.type = "node-"),
    'spec.template.metadata.labels["type"]: must be a valid label value, is node-',
  ],
  [
    "StatefulSet/mezo-node-0",
    (o: Any) => (podSpec(o).containers[0].ports[0].name = "peer-to-peer-port"),
    "containers[0].ports[0].name: must be a service name of 15 characters at most",
  ],
])("%s", (id, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
