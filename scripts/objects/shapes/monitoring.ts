import type { Alert } from "generators/components/monitoring/alert.ts";
import { alerts, argocdAlerts } from "generators/components/monitoring/alerts.ts";
import { keylessLabels, keylessName, keylessSets } from "generators/network/keyless.ts";
import { nodeLabels } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Application } from "../argocd.ts";
import type { Manifest } from "../manifests.ts";
import { type Shape, text } from "../shape.ts";
import { endings } from "./argocd.ts";
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

/** What is collected and by whom, and every alert. What an alert asks is data, which promtool tests. */
export function monitoring(network: Network): Expected[] {
  const { app } = network;
  const selector = { matchLabels: nodeLabels(network) };
  const watched = groups(`${app}-alerts`, network.name, alerts(network));
  const keyless = keylessSets(network).map(({ kind }) => ({
    name: keylessName(network, kind),
    matchLabels: keylessLabels(network, kind),
    // A seed has no JSON-RPC, behind which the EVM's metrics are.
    asked: endpoints.filter(({ port }) => kind !== "seed" || port === "metrics"),
  }));
  const of: Record<string, Expected[]> = {
    gmp: [
      object(network, googles, "PodMonitoring", `${app}-node`, { selector, endpoints }),
      ...keyless.map(({ name, matchLabels, asked }) =>
        object(network, googles, "PodMonitoring", name, { selector: { matchLabels }, endpoints: asked }),
      ),
      object(network, googles, "Rules", `${app}-alerts`, watched),
    ],
    "prometheus-operator": [
      object(network, operators, "PodMonitor", `${app}-node`, { selector, podMetricsEndpoints: endpoints }),
      ...keyless.map(({ name, matchLabels, asked }) =>
        object(network, operators, "PodMonitor", name, { selector: { matchLabels }, podMetricsEndpoints: asked }),
      ),
      object(network, operators, "PrometheusRule", `${app}-alerts`, watched),
    ],
  };
  return of[network.monitoring?.kind ?? ""] ?? [];
}

/** What Argo CD says of an Application, and every alert about it, beside it in Argo CD's namespace. */
export function applicationMonitoring({ metadata }: Application, manifests: readonly Manifest[]): Expected[] {
  const { name: application, namespace = "" } = metadata;
  const name = `${application}-argocd`;
  const own = manifests.filter((each) => each.metadata.name === name && monitoringKinds.includes(each.kind));
  const selector = { matchLabels: { "app.kubernetes.io/name": "argocd-application-controller" } };
  const endpoint = { path: "/metrics", interval: "30s" };
  const kept = [{ action: "keep", sourceLabels: ["__name__", "name"], regex: `argocd_app_info;${application}` }];
  const network = text(new RegExp(`^(${endings(application).join("|")})$`), `what ${application} ends with`);
  // How long a sync may take follows from the network, which nobody knows here.
  const minutes = Number(/"(\d+)m"/.exec(JSON.stringify(own).split('"alert":"ArgocdSyncWaits"')[1] ?? "")?.[1]);
  const watched = groups(name, network, argocdAlerts(application, minutes));
  const made = (apiVersion: string, kind: string, spec: Shape): Expected => ({
    kind,
    name,
    shape: { apiVersion, kind, metadata: { name, namespace }, spec },
  });
  const google = [
    made(googles, "PodMonitoring", { selector, endpoints: [{ port: 8082, ...endpoint, metricRelabeling: kept }] }),
    made(googles, "Rules", watched),
  ];
  const operator = [
    made(operators, "PodMonitor", {
      selector,
      podMetricsEndpoints: [{ portNumber: 8082, ...endpoint, metricRelabelings: kept }],
    }),
    made(operators, "PrometheusRule", watched),
  ];
  if (own.length === 0) return [];
  return own.some(({ apiVersion }) => apiVersion === operators) ? operator : google;
}

const page = (name: string) =>
  text(new RegExp(`^(https://[^/\\s]+/\\S+/blob/\\S+/)?docs/runbooks/${name}\\.md$`), `the address of ${name}.md`);

const groups = (name: string, network: Shape, watched: readonly Alert[]): Shape => ({
  groups: [
    {
      name,
      interval: "30s",
      rules: watched.map((alert) => ({
        alert: alert.name.replaceAll(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase()),
        expr: alert.expr,
        for: alert.for,
        labels: { severity: alert.severity, network },
        annotations: { summary: alert.summary, runbook_url: page(alert.name) },
      })),
    },
  ],
});

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
