import { type KeylessKind, keylessLabels, keylessName } from "../../network/keyless.ts";
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

/** What tells who collects metrics of some pods: the name of the object, and its selector. */
interface Scraped {
  name: string;
  labels: Record<string, string>;
  endpoints: readonly object[];
}

const validators = (network: Network): Scraped => ({
  name: `${network.app}-node`,
  labels: nodeLabels(network),
  endpoints,
});

/** A seed answers no JSON-RPC, and so has no metrics of the EVM. */
const keyless = (network: Network, kind: KeylessKind): Scraped => ({
  name: keylessName(network, kind),
  labels: keylessLabels(network, kind),
  endpoints: kind === "seed" ? endpoints.slice(0, 1) : endpoints,
});

const scraped = (network: Network, kind?: KeylessKind) => (kind ? keyless(network, kind) : validators(network));

/** What tells GKE's managed Prometheus to collect the metrics of every validator, or of every node of a kind without keys. */
export function podMonitoring(network: Network, kind?: KeylessKind) {
  const { name, labels, endpoints } = scraped(network, kind);
  return monitored(network, "monitoring.googleapis.com/v1", "PodMonitoring", name, {
    selector: { matchLabels: labels },
    endpoints,
  });
}

/** The same for the Prometheus Operator. */
export function podMonitor(network: Network, kind?: KeylessKind) {
  const { name, labels, endpoints } = scraped(network, kind);
  return monitored(network, "monitoring.coreos.com/v1", "PodMonitor", name, {
    selector: { matchLabels: labels },
    podMetricsEndpoints: endpoints,
  });
}
