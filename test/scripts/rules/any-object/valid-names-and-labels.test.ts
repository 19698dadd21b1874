import rule from "scripts/rules/any-object/valid-names-and-labels.ts";
import { expect, test } from "vitest";
import { built } from "../../../support/releases.ts";
import { type Any, copied, findings, podSpec, staging } from "../../../support/rules/overlay.ts";
import { withSnapshots } from "../../../support/snapshots.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const long = (length: number) => "x".repeat(length);

test("a job of a schedule, whose own jobs and pods are named after it", async () => {
  const network = withSnapshots();
  const { manifests, object } = copied((await built(network)).manifests);
  const job = object("CronJob/mezo-snapshots");
  expect(findings(rule, manifests, network)).toEqual([]);
  job.metadata.name = long(53);
  job.spec.jobTemplate.spec.template.metadata.labels.type = "a b";
  expect(findings(rule, manifests, network)).toEqual([
    `CronJob/${long(53)} metadata.name: must be a DNS label of 52 characters at most, is ${long(53)}`,
    `CronJob/${long(53)} spec.jobTemplate.spec.template.metadata.labels["type"]: must be a valid label value, is a b`,
  ]);
});

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
