import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import {
  snapshotClassName,
  snapshotScriptsName,
  snapshotsLabels,
  snapshotsName,
} from "generators/network/snapshots.ts";
import { hashed, listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { clientResources, restrictedContainer, restrictedPod, script, tmp } from "./pod.ts";

/** The kinds that give rights, or that only the job of snapshots is of. */
export const snapshotKinds = ["ServiceAccount", "Role", "RoleBinding", "CronJob", "VolumeSnapshotClass"];

const rbac = "rbac.authorization.k8s.io";
const group = "snapshot.storage.k8s.io";

/** What makes snapshots, with exactly the rights that it needs; nothing where the network has none. */
export function snapshotObjects(network: Network): Expected[] {
  const { snapshots, namespace, gke } = network;
  if (!snapshots) return [];
  const name = snapshotsName(network);
  const metadata = { name, namespace };
  const wave = inWave(lastWave(network));
  return [
    object("ServiceAccount", name, { apiVersion: "v1", metadata, automountServiceAccountToken: false }),
    object("Role", name, {
      apiVersion: `${rbac}/v1`,
      metadata,
      rules: [
        { apiGroups: [group], resources: ["volumesnapshots"], verbs: ["create", "get", "list", "watch", "delete"] },
      ],
    }),
    object("RoleBinding", name, {
      apiVersion: `${rbac}/v1`,
      metadata,
      roleRef: { apiGroup: rbac, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }),
    object("VolumeSnapshotClass", snapshotClassName(network), {
      apiVersion: `${group}/v1`,
      metadata: {
        name: snapshotClassName(network),
        annotations: { ...wave, "argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true" },
      },
      driver: snapshots.driver ?? (gke ? "pd.csi.storage.gke.io" : ""),
      // The disk's copies go with the snapshots that the job deletes.
      deletionPolicy: "Delete",
    }),
    object("CronJob", name, {
      apiVersion: "batch/v1",
      metadata: {
        ...metadata,
        labels: snapshotsLabels(network),
        annotations: { ...wave, "argocd.argoproj.io/ignore-healthcheck": "true" },
      },
      spec: {
        schedule: snapshots.schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: snapshotsLabels(network) },
          spec: {
            backoffLimit: 1,
            activeDeadlineSeconds: 4200,
            template: { metadata: { labels: snapshotsLabels(network) }, spec: pod(network, snapshots) },
          },
        },
      },
    }),
  ];
}

const object = (kind: string, name: string, fields: { readonly [key: string]: Shape }): Expected => ({
  kind,
  name,
  shape: { kind, ...fields },
});

/** The one pod with a token. */
const pod = (network: Network, { of, keep, image }: NonNullable<Network["snapshots"]>): Shape => ({
  ...restrictedPod,
  automountServiceAccountToken: true,
  serviceAccountName: snapshotsName(network),
  restartPolicy: "Never",
  containers: [
    {
      name: "snapshots",
      image,
      command: script("snapshots.sh"),
      env: listed("name", [
        { name: "HOME", value: "/tmp" },
        { name: "APP", value: network.app },
        { name: "NETWORK", value: network.name },
        { name: "VOLUMES", value: of.map((each) => wordOf(network, each)).join(" ") },
        { name: "CLASS", value: snapshotClassName(network) },
        { name: "KEEP", value: String(keep) },
        {
          name: "JOB",
          valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
        },
      ]),
      resources: clientResources,
      securityContext: restrictedContainer,
      volumeMounts: listed("name", [{ name: "scripts", mountPath: "/scripts", readOnly: true }, tmp.mount]),
    },
  ],
  volumes: listed("name", [
    { name: "scripts", configMap: { name: hashed(snapshotScriptsName(network)), defaultMode: 0o440 } },
    tmp.volume,
  ]),
});

/** A volume as the script takes it: "<pod>=<claim>". */
function wordOf({ app }: Network, volume: NonNullable<Network["snapshots"]>["of"][number]): string {
  const [set, number] =
    "validator" in volume ? [`node-${volume.validator}`, 0] : (["rpc-node", volume.rpcNode] as const);
  const data = "validator" in volume ? `${app}-node-data` : `${app}-rpc-node-data`;
  return `${app}-${set}-${number}=${data}-${app}-${set}-${number}`;
}
