import rule from "scripts/rules/pods/require-patient-probes.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (node: Any) => void, string]>([
  [
    "no patience at the start",
    (n) => (n.startupProbe.failureThreshold = 3),
    "startupProbe: must not give up before 600 s, gives up after 6 s",
  ],
  [
    "the default patience",
    (n) => delete n.livenessProbe.failureThreshold,
    "livenessProbe: must not give up before 60 s, gives up after 45 s",
  ],
  [
    "the default timeout",
    (n) => delete n.livenessProbe.timeoutSeconds,
    "livenessProbe.timeoutSeconds: must be at least 5, is 1",
  ],
  [
    "a port that answers no GET",
    (n) => (n.livenessProbe.httpGet.port = "json-rpc"),
    "livenessProbe.httpGet: must get /health from the port rpc",
  ],
  [
    "another path",
    (n) => (n.startupProbe.httpGet.path = "/block"),
    "startupProbe.httpGet: must get /health from the port rpc",
  ],
  [
    "no HTTP",
    (n) => (n.livenessProbe = { tcpSocket: { port: "rpc" }, failureThreshold: 9, timeoutSeconds: 5 }),
    "livenessProbe.httpGet: must get /health from the port rpc",
  ],
  [
    "a probe's own grace period",
    (n) => (n.livenessProbe.terminationGracePeriodSeconds = 1),
    "livenessProbe.terminationGracePeriodSeconds: must not be set: the pod's own counts",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")).containers[0]);
  expect(findings(rule, manifests)).toEqual([`StatefulSet/mezo-node-0 spec.template.spec.containers[0].${message}`]);
});
