import rule from "scripts/rules/pods/no-early-kills.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (node: Any) => void, string]>([
  [
    "no patience at the start",
    (n) => (n.startupProbe.failureThreshold = 3),
    "startupProbe: gives up after 6 s, before 600",
  ],
  [
    "the default patience",
    (n) => delete n.livenessProbe.failureThreshold,
    "livenessProbe: gives up after 45 s, before 60",
  ],
  ["a short answer", (n) => delete n.livenessProbe.timeoutSeconds, "livenessProbe.timeoutSeconds: must be at least 5"],
  ["a port that answers no GET", (n) => (n.livenessProbe.httpGet.port = "json-rpc"), "must ask rpc for /health"],
  ["another path", (n) => (n.startupProbe.httpGet.path = "/block"), "startupProbe.httpGet: must ask rpc for /health"],
  [
    "no HTTP",
    (n) => (n.livenessProbe = { tcpSocket: { port: "rpc" }, failureThreshold: 9, timeoutSeconds: 5 }),
    "must ask",
  ],
  ["a probe's own grace", (n) => (n.livenessProbe.terminationGracePeriodSeconds = 1), "must be the pod's"],
  ["ready at once", (n) => delete n.readinessProbe.successThreshold, "successThreshold: must be 2 or more"],
  [
    "a program before the end",
    (n) => (n.lifecycle = { preStop: { exec: { command: ["sleep", "300"] } } }),
    "lifecycle: must not hold more than preStop.sleep",
  ],
  [
    "a hook at the start",
    (n) => (n.lifecycle = { preStop: { sleep: { seconds: 1 } }, postStart: { sleep: { seconds: 1 } } }),
    "lifecycle: must not hold more than preStop.sleep",
  ],
  ["no limit for Go", (n) => n.env.splice(0, 1), "GOMEMLIMIT must be below limits.memory, is undefined"],
  [
    "a limit above the container's",
    (n) => (n.env[0].value = "17GiB"),
    "GOMEMLIMIT must be below limits.memory, is 17Gi",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")).containers[0]);
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
