import type { Network } from "../../network/schema.ts";

/**
 * The usual annotations by which a Prometheus finds a pod. They name one port: CometBFT's, because without it nobody sees
 * whether the chain lives. The EVM's metrics stay uncollected.
 */
export const scrapeAnnotations = ({ monitoring, ports }: Network) =>
  monitoring?.kind === "annotations"
    ? {
        metadata: {
          annotations: {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": String(ports.metrics),
            "prometheus.io/path": "/metrics",
          },
        },
      }
    : undefined;
