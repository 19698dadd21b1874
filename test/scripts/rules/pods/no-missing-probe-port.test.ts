import rule from "scripts/rules/pods/no-missing-probe-port.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a probe of a port that the container does not have", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).containers[0].startupProbe.httpGet.port = "http";
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].readinessProbe.tcpSocket.port = 1;
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.containers[0].startupProbe: the container has no port http",
    "Deployment/ethereum-sidecar spec.template.spec.containers[0].readinessProbe: the container has no port 1",
  ]);
});
