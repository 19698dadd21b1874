import { nodeLabels } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";

/** The kinds of the systems that collect metrics. */
export const monitoringKinds = ["PodMonitoring", "Rules", "PodMonitor", "PrometheusRule"];

const googles = "monitoring.googleapis.com/v1";
const operators = "monitoring.coreos.com/v1";

// The EVM's metrics have one path; CometBFT answers on any.
const endpoints = [
  { port: "metrics", path: "/metrics", interval: "30s" },
  { port: "evm-metrics", path: "/debug/metrics/prometheus", interval: "30s" },
];

/** What is collected, and by whom. */
export function monitoring(network: Network): Expected[] {
  const name = `${network.app}-node`;
  const selector = { matchLabels: nodeLabels(network) };
  const scraped: Record<string, Expected[]> = {
    gmp: [object(network, googles, "PodMonitoring", name, { selector, endpoints })],
    "prometheus-operator": [
      object(network, operators, "PodMonitor", name, { selector, podMetricsEndpoints: endpoints }),
    ],
  };
  return scraped[network.monitoring?.kind ?? ""] ?? [];
}

/** After every validator, so that a cluster without the kind still rolls them. */
const object = (network: Network, apiVersion: string, kind: string, name: string, spec: Shape): Expected => ({
  kind,
  name,
  shape: {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: network.namespace,
      annotations: {
        ...inWave(lastWave(network)),
        "argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
      },
    },
    spec,
  },
});
