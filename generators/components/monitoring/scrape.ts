import { nodeLabels } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";
import { monitored } from "./object.ts";

// As often as a block comes in a bad hour. Alerts wait for minutes.
const interval = "30s";

/** Where a validator answers with metrics: CometBFT's on any path, the EVM's at the one path that go-ethereum has. */
const endpoints = [
  { port: "metrics", path: "/metrics", interval },
  { port: "evm-metrics", path: "/debug/metrics/prometheus", interval },
];

/** What tells GKE's managed Prometheus to collect the metrics of every validator. */
export const podMonitoring = (network: Network) =>
  monitored(network, "monitoring.googleapis.com/v1", "PodMonitoring", `${network.app}-node`, {
    selector: { matchLabels: nodeLabels(network) },
    endpoints,
  });

/** The same for the Prometheus Operator. */
export const podMonitor = (network: Network) =>
  monitored(network, "monitoring.coreos.com/v1", "PodMonitor", `${network.app}-node`, {
    selector: { matchLabels: nodeLabels(network) },
    podMetricsEndpoints: endpoints,
  });
