import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { argocdMonitoring } from "generators/components/monitoring/argocd.ts";
import { monitoringOverlay } from "generators/components/monitoring/overlay.ts";
import { applicationName } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { toYaml } from "generators/yaml.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { type ClusterLocation, logsFolder } from "tools/cluster/location.ts";
import { nodeName } from "tools/cluster/node/addresses.ts";
import { argocdMetrics, argocdNamespace } from "tools/cluster/parts/argocd.ts";
import { apiServerCertificate, apiServerPort, kubeconfigFile, tokenFile } from "tools/cluster/parts/credentials.ts";
import { isolatedEnvironment } from "tools/cluster/process/processes.ts";
import { monitoringPrograms } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";
import { sooner } from "./sooner.ts";

/** The network `local`, whose metrics the Prometheus Operator would collect. */
export const monitored: Network = { ...local, monitoring: { kind: "prometheus-operator", namespace: "monitoring" } };

/** The same in the network's declaration. */
export const monitoringField = `monitoring: ${JSON.stringify(monitored.monitoring)},`;

/** What a query of Prometheus finds now. */
interface Sample {
  metric: Record<string, string>;
  /** When, in seconds, and the value. */
  value: [number, string];
}

const prometheusPort = 9090;
const stateMetricsPort = 9100;

/**
 * Starts Prometheus and kube-state-metrics outside of the cluster. They collect and watch what the network's rendered
 * objects say; what the Prometheus Operator makes of those, `scrapeConfig` makes here.
 *
 * @param times how many times sooner than declared an alert fires; see `sooner`.
 */
export async function startMonitoring(location: ClusterLocation, times: number) {
  const { prometheus, kubeStateMetrics } = await monitoringPrograms();
  const folder = mkdtempSync(join(tmpdir(), "monitoring-"));
  const { scrapes, groups, argocdRelabelings } = declared();
  writeFileSync(join(folder, "rules.yaml"), toYaml({ groups: groups.map((group) => sooner(group, times)) }));
  writeFileSync(
    join(folder, "prometheus.yaml"),
    toYaml({
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: ["rules.yaml"],
      scrape_configs: [
        ...scrapes.flatMap((monitor) => scrapeConfig(location, monitor)),
        ...others(location, argocdRelabelings),
      ],
    }),
  );
  const url = `http://${location.address}:${prometheusPort}`;
  const programs = [
    run(location, prometheus, [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${location.address}:${prometheusPort}`,
      "--log.level=warn",
    ]),
    run(location, kubeStateMetrics, [
      `--kubeconfig=${kubeconfigFile(location)}`,
      `--host=${location.address}`,
      `--port=${stateMetricsPort}`,
      `--telemetry-host=${location.address}`,
      `--telemetry-port=${stateMetricsPort + 1}`,
      "--resources=pods,statefulsets,deployments",
      `--namespaces=${local.namespace}`,
    ]),
  ];

  async function query(expr: string): Promise<Sample[]> {
    const response = await fetch(`${url}/api/v1/query`, { method: "POST", body: new URLSearchParams({ query: expr }) });
    const { status, data, error } = (await response.json()) as KubeObject;
    if (status !== "success") throw new Error(`${expr}: ${error}`);
    return data.result;
  }

  /** The names of the alerts that fire now, each once. */
  const firing = async () => namesOf(await query('ALERTS{alertstate="firing"}'));

  async function stop(): Promise<void> {
    for (const program of programs) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      program.kill("SIGKILL");
      await once(program, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const isCollected = async () => {
      const down = (await query("up == 0 or absent(up)")).map(({ metric }) => metric.job);
      if (down.length > 0) throw new Error(`not collected: ${down.join(", ")}`);
      return true;
    };
    await eventually(isCollected, 60, "an answer of everything that is collected");
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    query,
    firing,
    stop,
    /** Waits until all of these alerts fire. */
    fire: (expected: readonly string[], seconds: number) =>
      eventually(
        async () => {
          const names = await firing();
          const missing = expected.filter((name) => !names.includes(name));
          if (missing.length > 0) throw new Error(`${missing.join(", ")} not among [${names.join(", ")}]`);
          return true;
        },
        seconds,
        `the alerts ${expected.join(", ")}`,
      ),
    /** Waits until none of these alerts fires any more. */
    cease: (names: readonly string[]) =>
      eventually(
        async () => {
          const left = (await firing()).filter((name) => names.includes(name));
          if (left.length > 0) throw new Error(left.join(", "));
          return true;
        },
        150,
        `the end of ${names.join(", ")}`,
      ),
    /** The names of all alerts that fired at some time in the last seconds, each once. */
    fired: async (seconds: number) =>
      namesOf(await query(`count_over_time(ALERTS{alertstate="firing"}[${Math.ceil(seconds)}s])`)),
  };
}

export type Monitoring = Awaited<ReturnType<typeof startMonitoring>>;

const namesOf = (samples: readonly Sample[]) =>
  [...new Set(samples.map(({ metric }) => metric.alertname ?? ""))].sort();

// With the cluster's variable in the environment a program ends with the cluster, also when a test is killed. What it logs is
// shown with the logs of the cluster's programs when a test fails.
function run(location: ClusterLocation, command: string, args: string[]) {
  const log = openSync(join(logsFolder(location), basename(command)), "a");
  const env = { ...process.env, ...isolatedEnvironment(location) };
  const program = spawn(command, args, { env, stdio: ["ignore", log, log] });
  closeSync(log);
  return program;
}

// Every volume is a folder of this machine's disk, whose free space says nothing about a validator.
const ofThisMachine = "DiskFillsUp";

/** What is rendered for who collects metrics: PodMonitors, groups of rules, and what is kept of Argo CD's metrics. */
function declared() {
  const network = Object.values(monitoringOverlay(monitored)) as KubeObject[];
  const argocd = argocdMonitoring(monitored, argocdNamespace, applicationName(local)) as Record<string, KubeObject>;
  const [endpoint] = argocd["podmonitor.yaml"].spec.podMetricsEndpoints;
  return {
    scrapes: network.filter(({ kind }) => kind === "PodMonitor"),
    groups: [...network, argocd["prometheusrule.yaml"]]
      .filter(({ kind }) => kind === "PrometheusRule")
      .flatMap(({ spec }) => spec.groups)
      .map(({ rules, ...group }: KubeObject) => ({
        ...group,
        rules: rules.filter(({ alert }: KubeObject) => alert !== ofThisMachine),
      })),
    argocdRelabelings: endpoint.metricRelabelings.map(({ action, sourceLabels, regex }: KubeObject) => ({
      action,
      source_labels: sourceLabels,
      regex,
    })),
  };
}

/**
 * A PodMonitor as Prometheus knows it. A stand-in for the Prometheus Operator, as far as the project's PodMonitors go. Pods
 * are asked through the API server, for they are in the node's network.
 */
function scrapeConfig(location: ClusterLocation, { metadata, spec }: KubeObject): object[] {
  const { matchLabels } = spec.selector;
  const selector = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return spec.podMetricsEndpoints.map(({ port, path }: KubeObject) => ({
    job_name: `${metadata.name}/${port}`,
    ...throughApiServer(location),
    kubernetes_sd_configs: [
      {
        role: "pod",
        kubeconfig_file: kubeconfigFile(location),
        namespaces: { names: [local.namespace] },
        selectors: [{ role: "pod", label: selector.join(",") }],
      },
    ],
    relabel_configs: [
      { action: "drop", source_labels: ["__meta_kubernetes_pod_phase"], regex: "Failed|Succeeded" },
      { action: "keep", source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: port },
      { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
      { source_labels: ["__meta_kubernetes_pod_container_name"], target_label: "container" },
      // A pod that is replaced has another instance, as with an address of its own.
      { source_labels: ["__address__"], target_label: "instance" },
      {
        source_labels: ["namespace", "pod", "__meta_kubernetes_pod_container_port_number"],
        regex: "(.+);(.+);(.+)",
        target_label: "__metrics_path__",
        replacement: `/api/v1/namespaces/$1/pods/$2:$3/proxy${path}`,
      },
      { target_label: "__address__", replacement: `${location.address}:${apiServerPort}` },
    ],
  }));
}

const throughApiServer = (location: ClusterLocation) => ({
  scheme: "https",
  authorization: { credentials_file: tokenFile(location, "admin") },
  tls_config: { ca_file: apiServerCertificate(location) },
});

/** The kubelet, kube-state-metrics and Argo CD, which a monitoring system collects by itself or beside the network. */
const others = (location: ClusterLocation, argocdRelabeling: object[]) => [
  {
    job_name: "kubelet",
    ...throughApiServer(location),
    metrics_path: `/api/v1/nodes/${nodeName}/proxy/metrics`,
    static_configs: [{ targets: [`${location.address}:${apiServerPort}`] }],
  },
  {
    job_name: "kube-state-metrics",
    honor_labels: true,
    static_configs: [{ targets: [`${location.address}:${stateMetricsPort}`] }],
  },
  {
    job_name: "argocd",
    metric_relabel_configs: argocdRelabeling,
    static_configs: [{ targets: [argocdMetrics(location)] }],
  },
];
