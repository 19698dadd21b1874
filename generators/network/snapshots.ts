import { Cron } from "croner";
import { keylessDataName, keylessName } from "./keyless.ts";
import { dataName, nodeName } from "./names.ts";
import type { Network } from "./schema.ts";

type Snapshots = NonNullable<Network["snapshots"]>;
type App = Pick<Network, "app">;

/** The name of the CronJob that makes snapshots, and of its account, role and policy: mezo-snapshots. */
export const snapshotsName = ({ app }: App) => `${app}-snapshots`;
/** The name of the ConfigMap with its script, before Kustomize appends the hash of its content. */
export const snapshotScriptsName = (network: App) => `${snapshotsName(network)}-scripts`;
/** The name of the VolumeSnapshotClass: mezo-staging-snapshots. Names are the whole cluster's. */
export const snapshotClassName = ({ app, name }: Pick<Network, "app" | "name">) => `${app}-${name}-snapshots`;
/** The labels of the job's pods. */
export const snapshotsLabels = ({ app }: App) => ({ app, type: "snapshots" });
/** The labels of the snapshots that it makes. Each says its pod and its job besides. */
export const madeSnapshotLabels = ({ app, name }: Pick<Network, "app" | "name">) => ({
  app,
  type: "snapshot",
  network: name,
});

// That of GKE's persistent disks.
const gkeDriver = "pd.csi.storage.gke.io";

/** The CSI driver of the volumes; undefined where neither the network nor its cloud says it. */
export const snapshotDriver = ({ gke, snapshots }: Pick<Network, "gke" | "snapshots">): string | undefined =>
  snapshots?.driver ?? (gke && gkeDriver);

/** The pod that writes a volume. */
export const podOf = (network: App, volume: Snapshots["of"][number]) =>
  "validator" in volume
    ? `${nodeName(network, volume.validator)}-0`
    : `${keylessName(network, "rpc-node")}-${volume.rpcNode}`;

/** The claims of which snapshots are made, each with the pod that writes it. */
export const snapshotVolumes = (network: App & Pick<Network, "snapshots">) =>
  (network.snapshots?.of ?? []).map((volume) => {
    const pod = podOf(network, volume);
    const data = "validator" in volume ? dataName(network) : keylessDataName(network, "rpc-node");
    return { pod, claim: `${data}-${pod}` };
  });

// A year without a leap day. What a schedule does then it does in any other year, but for days that only some have.
const from = new Date("2025-01-01T00:00:00Z");
const day = 24 * 3600;

/** The next times of a schedule, in seconds. Kubernetes takes either day where both are said, and so does the library. */
const runs = (schedule: string, count: number): number[] =>
  new Cron(schedule, { mode: "5-part", utcOffset: 0, paused: true })
    .nextRuns(count, new Date(from.getTime() - 1))
    .map((time) => time.getTime() / 1000);

/** How many seconds lie at most between two numbers that follow each other; 0 where there are less than two. */
const greatestStep = (times: readonly number[]) =>
  Math.max(0, ...times.slice(1).map((time, i) => time - (times[i] as number)));

/**
 * The greatest time between two runs of a schedule, in seconds; undefined where there are no two.
 *
 * The days and the times of a day are looked at apart: four hundred runs of a job that runs every minute on Mondays are all
 * on one Monday.
 *
 * @throws {Error} when it is no schedule.
 */
export function greatestGap(schedule: string): number | undefined {
  const [minute, hour, ...rest] = schedule.split(" ");
  const times = runs(`${minute} ${hour} * * *`, 24 * 60).filter((time) => time < from.getTime() / 1000 + day);
  const days = runs(`0 0 ${rest.join(" ")}`, 400);
  const [first, last] = [times[0], times.at(-1)];
  if (days.length < 2 || first === undefined || last === undefined) return undefined;
  return Math.max(greatestStep(times), greatestStep(days) - (last - first));
}

/**
 * The age in seconds from which on the newest snapshots are too old: two runs have failed, or there were none. Undefined where
 * a schedule has no two runs. Throws as `greatestGap` does.
 */
export function tooOld(schedule: string): number | undefined {
  const gap = greatestGap(schedule);
  return gap === undefined ? undefined : 2 * gap;
}
