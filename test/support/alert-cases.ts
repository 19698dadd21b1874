/** What happens to a network of five validators, and which alerts fire then: at a minute, each with how many series. */
export interface AlertCase {
  what: string;
  /** Series in promtool's notation, a value a minute, over those of the healthy network. null takes a series away. */
  change: Record<string, string | null>;
  at: string;
  firing: Record<string, number>;
}

const indexes = [0, 1, 2, 3, 4];
const pod = (index: number) => `namespace="default",pod="mezo-node-${index}-0"`;
const cometbft = (name: string, index: number) => `cometbft_${name}{${pod(index)}}`;
const claim = (index: number) => `namespace="default",persistentvolumeclaim="mezo-node-data-mezo-node-${index}-0"`;
const application = (labels: string) => `argocd_app_info{name="mezo-staging",${labels}}`;
const synced = application('sync_status="Synced",health_status="Healthy",operation=""');

/** Three hours of five validators that all sign: a block each four seconds. */
export const healthy: Record<string, string> = {
  ...Object.fromEntries(
    indexes.flatMap((index) => [
      [cometbft("consensus_height", index), "1000+15x180"],
      [cometbft("consensus_validators", index), "5x180"],
      [cometbft("consensus_missing_validators", index), "0x180"],
      [cometbft("consensus_validator_last_signed_height", index), "999+15x180"],
      [cometbft("blocksync_syncing", index), "0x180"],
      [cometbft("p2p_peers", index), "4x180"],
      [`process_start_time_seconds{${pod(index)}}`, "1x180"],
      [`kubelet_volume_stats_available_bytes{${claim(index)}}`, "50000000000x180"],
      [`kubelet_volume_stats_capacity_bytes{${claim(index)}}`, "100000000000x180"],
      [`kube_statefulset_replicas{namespace="default",statefulset="mezo-node-${index}"}`, "1x180"],
      [`kube_statefulset_status_replicas_updated{namespace="default",statefulset="mezo-node-${index}"}`, "1x180"],
    ]),
  ),
  'kube_deployment_status_replicas_available{namespace="default",deployment="ethereum-sidecar"}': "1x180",
  [synced]: "1x180",
};

const each = (make: (index: number) => [string, string | null][]) => Object.fromEntries(indexes.flatMap(make));
const gone = (index: number) =>
  Object.fromEntries(
    [
      "consensus_height",
      "consensus_validators",
      "consensus_missing_validators",
      "consensus_validator_last_signed_height",
    ]
      .concat("blocksync_syncing", "p2p_peers")
      .map((name) => [cometbft(name, index), "_x180"]),
  );
const missing = (count: number, of = indexes) =>
  Object.fromEntries(of.map((index) => [cometbft("consensus_missing_validators", index), `${count}x180`]));

export const alertCases: AlertCase[] = [
  { what: "a healthy network", change: {}, at: "120m", firing: {} },
  {
    what: "a rollout: each validator is away for four minutes",
    change: each((index) => {
      const before = 20 + 10 * index;
      const after = 180 - before - 4;
      const through = (first: number, step: number) =>
        `${first}+${step}x${before} _x4 ${first + step * (before + 5)}+${step}x${after}`;
      return [
        [cometbft("consensus_height", index), through(1000, 15)],
        [cometbft("consensus_validator_last_signed_height", index), through(999, 15)],
      ];
    }),
    at: "75m",
    firing: {},
  },
  {
    what: "no block for ten minutes",
    change: each((index) => [
      [cometbft("consensus_height", index), "1000+15x60 1900x120"],
      [cometbft("consensus_validator_last_signed_height", index), "999+15x60 1899x120"],
    ]),
    at: "70m",
    firing: { ChainHalted: 1 },
  },
  {
    what: "a halt that is over",
    change: each((index) => [
      [cometbft("consensus_height", index), "1000+15x60 1900x9 1900+15x100"],
      [cometbft("consensus_validator_last_signed_height", index), "999+15x60 1899x9 1899+15x100"],
    ]),
    at: "80m",
    firing: {},
  },
  {
    what: "nothing is collected",
    change: Object.assign({}, ...indexes.map(gone)),
    at: "30m",
    firing: { MetricsMissing: 1, ValidatorNotSigning: 5 },
  },
  {
    what: "one validator is away",
    change: { ...gone(3), ...missing(1, [0, 1, 2, 4]) },
    at: "30m",
    firing: { ValidatorNotSigning: 1, NoSpareSigner: 1 },
  },
  {
    what: "one validator runs and does not sign",
    change: { ...missing(1), [cometbft("consensus_validator_last_signed_height", 2)]: "999x180" },
    at: "30m",
    firing: { ValidatorNotSigning: 1, NoSpareSigner: 1 },
  },
  {
    what: "the consensus of one has failed",
    change: {
      ...missing(1, [0, 2, 3, 4]),
      [cometbft("consensus_height", 1)]: "1000+15x20 1300x160",
      [cometbft("consensus_validator_last_signed_height", 1)]: "999+15x20 1299x160",
    },
    at: "50m",
    firing: { ConsensusFailed: 1, ValidatorNotSigning: 1, NoSpareSigner: 1 },
  },
  {
    what: "one catches up, and is slow",
    change: { [cometbft("blocksync_syncing", 1)]: "1x180", [cometbft("consensus_height", 1)]: "900x180" },
    at: "45m",
    firing: { CatchingUp: 1 },
  },
  {
    what: "one has a single peer, and one never had any",
    change: { [cometbft("p2p_peers", 0)]: "1x180", [cometbft("p2p_peers", 4)]: null },
    at: "30m",
    firing: { FewPeers: 2 },
  },
  {
    what: "the sidecar is away",
    change: { 'kube_deployment_status_replicas_available{namespace="default",deployment="ethereum-sidecar"}': "0x180" },
    at: "30m",
    firing: { SidecarDown: 1 },
  },
  {
    what: "a disk that is full tomorrow",
    change: {
      [`kubelet_volume_stats_available_bytes{${claim(1)}}`]: "50000000000-30000000x180",
    },
    at: "150m",
    firing: { DiskFillsUp: 1 },
  },
  {
    what: "a disk that is full",
    change: { [`kubelet_volume_stats_available_bytes{${claim(1)}}`]: "4000000000x180" },
    at: "30m",
    firing: { DiskFull: 1 },
  },
  {
    what: "a node that starts three times again",
    change: { [`process_start_time_seconds{${pod(2)}}`]: "1x20 2x5 3x5 4x150" },
    at: "40m",
    firing: { NodeRestarts: 1 },
  },
  {
    what: "a node that the kernel killed for its memory",
    change: {
      [`kube_pod_container_status_last_terminated_reason{${pod(2)},container="mezo-node",reason="OOMKilled"}`]: "1x180",
      [`kube_pod_container_status_restarts_total{${pod(2)},container="mezo-node"}`]: "0x20 1x160",
    },
    at: "40m",
    firing: { OutOfMemory: 1 },
  },
  {
    what: "a sync that failed",
    change: { [synced]: null, [application('sync_status="OutOfSync",health_status="Healthy",operation=""')]: "1x180" },
    at: "60m",
    firing: { ArgocdOutOfSync: 1 },
  },
  {
    what: "an object that does not work",
    change: { [synced]: null, [application('sync_status="Synced",health_status="Degraded",operation=""')]: "1x180" },
    at: "60m",
    firing: { ArgocdDegraded: 1 },
  },
  {
    what: "a sync that waits",
    change: {
      [synced]: null,
      [application('sync_status="OutOfSync",health_status="Progressing",operation="sync"')]: "1x180",
    },
    at: "90m",
    firing: { ArgocdSyncWaits: 1 },
  },
];

// A day makes 21,600 blocks of four seconds.
const before = (blocks: number) =>
  each((index) => [[cometbft("consensus_height", index), `${1_093_500 - blocks}+15x180`]]);
const notRolled = {
  'kube_statefulset_status_replicas_updated{namespace="default",statefulset="mezo-node-4"}': "0x180",
};

/** With the plan of v0.3.0 at height 1,093,500, declared ahead. */
export const upgradeCases: AlertCase[] = [
  { what: "near, all pods carry the next release", change: before(10_000), at: "120m", firing: {} },
  { what: "far, one pod does not", change: { ...before(50_000), ...notRolled }, at: "120m", firing: {} },
  { what: "past, one pod does not", change: { ...before(-10), ...notRolled }, at: "120m", firing: {} },
  {
    what: "near, one pod does not",
    change: { ...before(10_000), ...notRolled },
    at: "120m",
    firing: { UpgradeNotReady: 1 },
  },
];

const job = 'namespace="default",cronjob="mezo-snapshots"';
const created = `kube_cronjob_created{${job}}`;
const succeeded = `kube_cronjob_status_last_successful_time{${job}}`;

/** What becomes of snapshots that are made each hour, from the first minute on. */
export const snapshotCases: AlertCase[] = [
  {
    what: "an hour that failed, and one that did not",
    change: { [created]: "0x180", [succeeded]: "0x115 6900x65" },
    at: "170m",
    firing: {},
  },
  {
    what: "two hours that failed",
    change: { [created]: "0x180", [succeeded]: "0x180" },
    at: "127m",
    firing: { SnapshotsTooOld: 1 },
  },
  {
    what: "the second hour, before it is over",
    change: { [created]: "0x180", [succeeded]: "0x180" },
    at: "119m",
    firing: {},
  },
  { what: "a job that never ended well", change: { [created]: "0x180" }, at: "127m", firing: { SnapshotsTooOld: 1 } },
  { what: "a job that is new", change: { [created]: "_x60 3600x120" }, at: "127m", firing: {} },
  {
    what: "two hours that failed, and one after them that did not",
    change: { [created]: "0x180", [succeeded]: "0x130 7800x50" },
    at: "140m",
    firing: {},
  },
  {
    what: "a job of another network",
    change: { [succeeded.replace("default", "other")]: "0x180" },
    at: "170m",
    firing: {},
  },
];
