import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import rule from "scripts/rules/monitoring/valid-monitoring.ts";
import { describe, expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { built, errors } from "../../../support/releases.ts";
import { type Any, findings, findingsAfter, findingsRenamed, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  [
    "PodMonitoring/mezo-node",
    "other pods",
    (o) => (o.spec.selector.matchLabels.type = "gate"),
    "spec.selector.matchLabels.type: must be node, is gate",
  ],
  ["PodMonitoring/mezo-node", "CometBFT alone", (o) => o.spec.endpoints.pop(), "spec.endpoints[1]"],
  [
    "PodMonitoring/mezo-node",
    "in the first wave",
    (o) => (o.metadata.annotations["argocd.argoproj.io/sync-wave"] = "0"),
    'sync-wave"]: must be 12, is 0',
  ],
])("%s: %s", (id, _fault, change, message) => {
  expect(findingsAfter(rule, id, change)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  expect(findingsRenamed(rule, "PodMonitoring/mezo-node")).toEqual([
    "PodMonitoring/mezo-node : there must be one; there are 0",
    "PodMonitoring/other : the network has no such object",
  ]);
});

describe("with each kind of monitoring no rule finds an error", () => {
  const kinds: [NetworkInput["monitoring"], string[]][] = [
    [undefined, []],
    [{ kind: "gmp", namespace: "gmp-system" }, ["PodMonitoring", "Rules"]],
    [{ kind: "prometheus-operator", namespace: "monitoring" }, ["PodMonitor", "PrometheusRule"]],
    [{ kind: "annotations", namespace: "monitoring" }, []],
  ];
  test.each(kinds)("%j", async (monitoring, objects) => {
    const other = defineNetwork({ ...network, monitoring } as NetworkInput);
    const { manifests } = await built(other);
    expect(errors(manifests, other)).toEqual([]);
    const found = manifests.filter(({ apiVersion }) => apiVersion.startsWith("monitoring.")).map(({ kind }) => kind);
    expect(found.sort()).toEqual(objects);
    const policy: Any = manifests.find(({ metadata }) => metadata.name === "mezo-node-metrics");
    expect(policy?.spec.ingress[0].from).toEqual(
      monitoring && [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": monitoring.namespace } },
          podSelector: {
            matchLabels: { "app.kubernetes.io/name": monitoring.kind === "gmp" ? "collector" : "prometheus" },
          },
        },
      ],
    );
    const pod: Any = manifests.find(({ kind }) => kind === "StatefulSet");
    expect(pod.spec.template.metadata.annotations).toEqual(
      monitoring?.kind === "annotations"
        ? { "prometheus.io/scrape": "true", "prometheus.io/port": "26660", "prometheus.io/path": "/metrics" }
        : undefined,
    );
  });
});
