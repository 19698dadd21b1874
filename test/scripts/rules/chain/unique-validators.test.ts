import rule from "scripts/rules/chain/unique-validators.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const addresses = "networking.gke.io/load-balancer-ip-addresses";

test.each([
  [
    "an address",
    (object: (id: string) => Any) =>
      (object("Service/mezo-node-1").metadata.annotations[addresses] = "mezo-staging-node-0-external-ip"),
    `Service/mezo-node-1 metadata.annotations["${addresses}"]: address mezo-staging-node-0-external-ip already belongs to mezo-node-0`,
  ],
  [
    "a host",
    (object: (id: string) => Any) =>
      (podSpec(object("StatefulSet/mezo-node-1")).containers[0].env = podSpec(
        object("StatefulSet/mezo-node-0"),
      ).containers[0].env),
    "host mezo-node-0.test.mezo.org:26656 already belongs to mezo-node-0",
  ],
  [
    "a moniker",
    (object: (id: string) => Any) => (podSpec(object("StatefulSet/mezo-node-1")).containers[0].args[3] = "mezo-node-0"),
    "moniker mezo-node-0 already belongs to mezo-node-0",
  ],
  [
    "an id",
    (object: (id: string) => Any) => (object("StatefulSet/mezo-node-1").metadata.labels.id = "0"),
    "metadata.labels.id: id 0 already belongs to mezo-node-0",
  ],
  [
    "a Service",
    (object: (id: string) => Any) => (object("StatefulSet/mezo-node-1").spec.serviceName = "mezo-node-0"),
    "spec.serviceName: Service mezo-node-0 already belongs to mezo-node-0",
  ],
  [
    "a claim",
    (object: (id: string) => Any) => {
      for (const i of [0, 1]) {
        const volume = { name: "data", persistentVolumeClaim: { claimName: "mezo-node-data-mezo-node-0-0" } };
        podSpec(object(`StatefulSet/mezo-node-${i}`)).volumes.unshift(volume);
      }
    },
    "volumes[0].persistentVolumeClaim: claim mezo-node-data-mezo-node-0-0 already belongs to mezo-node-0",
  ],
])("%s that two validators have", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(object);
  expect(findings(rule, manifests)[0]).toContain(message);
});
