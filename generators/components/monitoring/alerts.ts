import { stillSeconds } from "../../mezod/pace.ts";
import { keylessName, keylessSets } from "../../network/keyless.ts";
import { connectName, nodeName, sidecarName } from "../../network/names.ts";
import { planOf } from "../../network/release.ts";
import { batches } from "../../network/rollout.ts";
import type { Network } from "../../network/schema.ts";
import { hasOwnSidecars, hasSharedSidecar, withConnect } from "../../network/sidecars.ts";
import { running } from "../../network/validators.ts";
import { type Alert, peersWanted, type Selectors, selectors } from "./alert.ts";
import { rpcNodeAlerts } from "./rpc-node-alerts.ts";
import { snapshotAlerts } from "./snapshot-alerts.ts";

// A restart with its drain, the closing of the databases, preflight and the blocks that were missed takes less.
const longerThanRestart = "10m";

/** Every alert of a network. What metrics each needs is in docs/monitoring.md. */
export function alerts(network: Network): Alert[] {
  const select = selectors(network);
  return [
    ...chainAlerts(network, select),
    ...validatorAlerts(network, select),
    ...peerAlerts(network, select),
    ...sidecarAlerts(network, select),
    ...upgradeAlerts(network, select),
    ...machineAlerts(select),
    ...rpcNodeAlerts(network, select),
    ...snapshotAlerts(network),
    ...sealingAlerts(network),
  ];
}

function chainAlerts(network: Network, { cometbft, height, highest }: Selectors): Alert[] {
  const still = `${stillSeconds(network)}s`;
  const missing = `max(${cometbft("consensus_missing_validators")})`;
  const all = `max(${cometbft("consensus_validators")})`;
  return [
    {
      name: "chain-halted",
      severity: "critical",
      summary: `The chain ${network.chain.id} has made no block for ${still} and more: nobody's transaction gets through.`,
      expr: `${highest} <= max(${height} offset ${still})`,
      for: "1m",
    },
    {
      name: "metrics-missing",
      severity: "critical",
      summary: "No validator answers who collects metrics: the chain may stand still, and no other alert would say so.",
      expr: `absent(${height})`,
      for: "5m",
    },
    {
      name: "no-spare-signer",
      severity: "critical",
      summary: "So many validators do not sign that the chain stands still when one more is lost.",
      // CometBFT needs more than two thirds of the power, and x/poa gives each validator the same.
      expr: `3 * (${all} - ${missing} - 1) <= 2 * ${all} and ${missing} > 0`,
      for: longerThanRestart,
    },
  ];
}

function validatorAlerts(network: Network, { cometbft, height, highest, syncing }: Selectors): Alert[] {
  const still = `${stillSeconds(network)}s`;
  return [
    {
      name: "consensus-failed",
      severity: "critical",
      summary:
        "{{ $labels.pod }} makes no block while others do: its consensus has stopped, although it still answers.",
      expr: [
        `(${height} == ${height} offset ${still})`,
        `and on() (${highest} > max(${height} offset ${still}))`,
        `unless on(pod) (${syncing})`,
      ].join(" "),
      for: "2m",
    },
    {
      name: "validator-not-signing",
      severity: "warning",
      summary: "{{ $labels.pod }} has not signed the newest blocks, or does not run.",
      expr: [
        `${cometbft("consensus_validator_last_signed_height")} < on() group_left() (${highest} - 10)`,
        ...running(network).map(({ index }) => {
          const one = `namespace="${network.namespace}",pod="${nodeName(network, index)}-0"`;
          return `absent(${cometbft("consensus_height", one)})`;
        }),
      ].join(" or "),
      for: longerThanRestart,
    },
    {
      name: "catching-up",
      severity: "warning",
      summary: "{{ $labels.pod }} has been catching up for half an hour, and signs nothing as long as it does.",
      expr: syncing,
      for: "30m",
    },
  ];
}

function peerAlerts(network: Network, { cometbft, height }: Selectors): Alert[] {
  const wanted = peersWanted(network);
  if (wanted === 0) return [];
  return [
    {
      name: "few-peers",
      severity: "warning",
      summary: `{{ $labels.pod }} has {{ $value }} peers and should have ${wanted} or more: blocks and votes reach it late.`,
      // Before its first peer a node has no such metric.
      expr: `(${cometbft("p2p_peers")} or 0 * ${height}) < ${wanted}`,
      for: "15m",
    },
  ];
}

function machineAlerts({ nodes, claims }: Selectors): Alert[] {
  const free = `kubelet_volume_stats_available_bytes{${claims}}`;
  return [
    {
      name: "disk-fills-up",
      severity: "warning",
      summary: "{{ $labels.persistentvolumeclaim }} is full within two days, if it goes on as in the last six hours.",
      expr: `predict_linear(${free}[6h], ${2 * 24 * 3600}) < 0`,
      for: "1h",
    },
    {
      name: "disk-full",
      severity: "critical",
      summary: "{{ $labels.persistentvolumeclaim }} has less than a twentieth left: the node stops when it is full.",
      expr: `${free} / kubelet_volume_stats_capacity_bytes{${claims}} < 0.05`,
      for: "5m",
    },
    {
      name: "node-restarts",
      severity: "warning",
      summary: "The node in {{ $labels.pod }} has started {{ $value }} times again within an hour.",
      // A pod that is replaced, as in a rollout, has an instance of its own, and counts from nothing.
      expr: `changes(process_start_time_seconds{${nodes}}[1h]) > 2`,
      for: "1m",
    },
    {
      name: "out-of-memory",
      severity: "critical",
      summary:
        "The kernel killed {{ $labels.container }} in {{ $labels.pod }} for its memory; that can cost its databases.",
      expr: [
        `kube_pod_container_status_last_terminated_reason{${nodes},reason="OOMKilled"} == 1`,
        `and on(namespace, pod, container) increase(kube_pod_container_status_restarts_total{${nodes}}[1h]) > 0`,
      ].join(" "),
      for: "1m",
    },
  ];
}

/** How many minutes a sync of a whole network may take: in each batch a gate waits five at most, and a validator starts. */
export const syncMinutes = (network: Network) => 20 + 10 * batches(network).length;

/**
 * The alerts about Argo CD's Application of a network. They are in Argo CD's own namespace, as its metrics are.
 *
 * @param patience how many minutes a sync may run.
 */
export function argocdAlerts(application: string, patience: number): Alert[] {
  const info = (labels: string) => `argocd_app_info{name="${application}",${labels}} == 1`;
  return [
    {
      name: "argocd-out-of-sync",
      severity: "warning",
      summary: `The cluster is not what git says of ${application}, and no sync runs: the last one failed, or waits for a person.`,
      expr: info('sync_status!="Synced",operation=""'),
      for: "30m",
    },
    {
      name: "argocd-degraded",
      severity: "warning",
      summary: `Argo CD finds an object of ${application} that does not work, or is not there.`,
      expr: info('health_status=~"Degraded|Missing"'),
      for: "15m",
    },
    {
      name: "argocd-sync-waits",
      severity: "warning",
      summary: `A sync of ${application} has run for ${patience} minutes: it waits for something, and takes up no new commit.`,
      expr: info('operation="sync"'),
      for: `${patience}m`,
    },
  ];
}

function sidecarAlerts(network: Network, { pods }: Selectors): Alert[] {
  const { namespace } = network;
  const deployments = [
    ...(hasSharedSidecar(network) ? [sidecarName] : []),
    ...withConnect(network).map((index) => connectName(network, index)),
  ];
  const away = [
    ...(deployments.length > 0
      ? [
          `kube_deployment_status_replicas_available{namespace="${namespace}",deployment=~"${deployments.join("|")}"} == 0`,
        ]
      : []),
    ...(hasOwnSidecars(network) ? [`kube_pod_container_status_ready{${pods},container="${sidecarName}"} == 0`] : []),
  ];
  return [
    {
      name: "sidecar-down",
      severity: "warning",
      summary:
        "{{ $labels.deployment }}{{ $labels.pod }} does not run its sidecar: validators vote without what it tells them, and the bridge waits.",
      // The ethereum-sidecar has no metrics of its own: one that runs and has stopped reading blocks is not seen here.
      expr: away.join(" or "),
      for: "15m",
    },
  ];
}

/** While a plan is ahead: it is near, and some pod is still from before it was declared. */
function upgradeAlerts(network: Network, { height }: Selectors): Alert[] {
  const plan = planOf(network);
  if (!plan) return [];
  const names = [`${network.app}-node-[0-9]+`, ...keylessSets(network).map(({ kind }) => keylessName(network, kind))];
  const sets = `namespace="${network.namespace}",statefulset=~"${names.join("|")}"`;
  const left = `(${plan.height} - max(${height}))`;
  return [
    {
      name: "upgrade-not-ready",
      severity: "critical",
      summary: `{{ $value }} blocks before the upgrade at height ${plan.height}, within a day, ${names.length > 1 ? "a node's" : "a validator's"} pod does not carry the next release yet.`,
      expr: [
        `(${left} > 0 and ${left} < ${24 * 3600} * max(deriv(${height}[1h])))`,
        `and on() (count(kube_statefulset_status_replicas_updated{${sets}} < on(namespace, statefulset) kube_statefulset_replicas{${sets}}) > 0)`,
      ].join(" "),
      for: "5m",
    },
  ];
}

function sealingAlerts({ sealing }: Network): Alert[] {
  if (!sealing?.expires) return [];
  const day = 24 * 3600;
  return [
    {
      name: "sealing-certificate-ends",
      severity: "warning",
      summary: `The certificate that keys are sealed for ends on ${sealing.expires}; after it nothing can be sealed.`,
      // No metric says when: the controller has none of its certificate.
      expr: `vector(time()) > ${Date.parse(sealing.expires) / 1000 - 30 * day}`,
      for: "1h",
    },
  ];
}
