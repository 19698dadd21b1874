import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { argocdAlerts, syncMinutes } from "./alerts.ts";
import { ruleGroups } from "./rules.ts";

const interval = "30s";
// Of the application controller. Argo CD's own manifests give it no name.
const metricsPort = 8082;
const selector = { matchLabels: { "app.kubernetes.io/name": "argocd-application-controller" } };

/**
 * What Argo CD itself says of a network's Application, collected and watched. It stands beside the Application, in Argo
 * CD's namespace: a sync that fails would not apply what tells of it, and GKE's Rules see the metrics of their own
 * namespace alone.
 */
export function argocdMonitoring(network: Network, namespace: string, application: string): Files {
  const kind = network.monitoring?.kind;
  if (kind !== "gmp" && kind !== "prometheus-operator") return {};
  // Another network's Application is watched by objects of its own.
  const relabeling = [{ action: "keep", sourceLabels: ["__name__", "name"], regex: `argocd_app_info;${application}` }];
  const endpoint = { path: "/metrics", interval };
  const spec = {
    groups: ruleGroups(network, `${application}-argocd`, argocdAlerts(application, syncMinutes(network))),
  };
  const metadata = { name: `${application}-argocd`, namespace };
  return kind === "gmp"
    ? {
        "podmonitoring.yaml": {
          apiVersion: "monitoring.googleapis.com/v1",
          kind: "PodMonitoring",
          metadata,
          spec: { selector, endpoints: [{ port: metricsPort, ...endpoint, metricRelabeling: relabeling }] },
        },
        "rules.yaml": { apiVersion: "monitoring.googleapis.com/v1", kind: "Rules", metadata, spec },
      }
    : {
        "podmonitor.yaml": {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PodMonitor",
          metadata,
          spec: {
            selector,
            podMetricsEndpoints: [{ portNumber: metricsPort, ...endpoint, metricRelabelings: relabeling }],
          },
        },
        "prometheusrule.yaml": { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec },
      };
}
