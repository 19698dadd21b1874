import type { CronJob } from "kubernetes-types/batch/v1.js";
import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.js";
import type { Role, RoleBinding } from "kubernetes-types/rbac/v1.js";
import { inWave, lastWave } from "../network/rollout.ts";
import type { Network } from "../network/schema.ts";
import {
  snapshotClassName,
  snapshotDriver,
  snapshotScriptsName,
  snapshotsLabels,
  snapshotsName,
  snapshotVolumes,
} from "../network/snapshots.ts";
import type { Files } from "../tree.ts";
import { kustomization } from "./kustomization.ts";
import { policy, tcp } from "./network-policies.ts";
import { snapshots as script, snapshotPatience } from "./scripts/snapshots.ts";
import { clientResources, restrictedContainer, restrictedPod } from "./security.ts";
import { scriptsFolder, scriptsMount, tmpMount } from "./validator/volumes.ts";

type Snapshots = NonNullable<Network["snapshots"]>;

/** The script's file, in the folder of the overlay and in the pod. */
export const snapshotsScript = "snapshots.sh";

/** The file, in the folder of the overlay, of what takes the class out of the network's namespace. */
export const clusterScopedFile = "cluster-scoped.yaml";

const backoffLimit = 1;
const group = "snapshot.storage.k8s.io";

/**
 * overlays/<network>/snapshots: a job that makes snapshots of volumes, and what it needs. What it makes is in no manifest
 * and has no mark of Argo CD's, which therefore neither compares nor prunes it.
 */
export function snapshotsOverlay(network: Network, snapshots: Snapshots): Files {
  const objects: Files = {
    "serviceaccount.yaml": account(network),
    "role.yaml": role(network),
    "rolebinding.yaml": roleBinding(network),
    "networkpolicy.yaml": snapshotsPolicy(network),
    "volumesnapshotclass.yaml": snapshotClass(network),
    "cronjob.yaml": cronJob(network, snapshots),
  };
  return {
    "kustomization.yaml": kustomization({ resources: Object.keys(objects) }),
    ...objects,
    [clusterScopedFile]: clusterScoped,
    [snapshotsScript]: script,
  };
}

/**
 * Kustomize puts the namespace on every object of a kind that it does not know, and it knows no custom ones. A patch runs
 * before that; this runs after it.
 */
const clusterScoped = {
  apiVersion: "builtin",
  kind: "PatchTransformer",
  metadata: { name: "cluster-scoped" },
  target: { group, kind: "VolumeSnapshotClass" },
  patch: '[{"op": "remove", "path": "/metadata/namespace"}]',
};

/**
 * What a snapshot is made with. The job deletes those that are too many, and the disk's snapshot goes with each. Where the
 * class goes, the snapshots that were made with it stay, and can be used.
 *
 * Like the objects of monitoring it comes after every validator, and its kind may be missing when a sync begins.
 */
const snapshotClass = (network: Network) => ({
  apiVersion: `${group}/v1`,
  kind: "VolumeSnapshotClass",
  metadata: {
    name: snapshotClassName(network),
    annotations: {
      ...inWave(lastWave(network)),
      "argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
    },
  },
  driver: snapshotDriver(network),
  deletionPolicy: "Delete",
});

/** Whose token the job's pods have. No other pod of this account gets one unasked. */
const account = (network: Network): ServiceAccount => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: snapshotsName(network) },
  automountServiceAccountToken: false,
});

/**
 * All that the job does, in the network's namespace alone. It can't be narrowed down to some snapshots: their names carry a
 * date, and Kubernetes knows no patterns of names, nor names of what is created or listed.
 */
const role = (network: Network): Role => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: snapshotsName(network) },
  rules: [{ apiGroups: [group], resources: ["volumesnapshots"], verbs: ["create", "get", "list", "watch", "delete"] }],
});

const roleBinding = (network: Network): RoleBinding => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: snapshotsName(network) },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: snapshotsName(network) },
  subjects: [{ kind: "ServiceAccount", name: snapshotsName(network), namespace: network.namespace }],
});

/**
 * Opens the API server to the job. Its address is each cluster's own, and pods know it from their environment, so that no DNS
 * is asked. It listens at the first port as a Service, and by itself at the first or the second.
 */
const snapshotsPolicy = (network: Network): NetworkPolicy =>
  policy(snapshotsName(network), snapshotsLabels(network), {
    policyTypes: ["Ingress", "Egress"],
    egress: [{ ports: tcp([443, 6443]) }],
  });

function cronJob(network: Network, { schedule, keep, image }: Snapshots): CronJob {
  const labels = snapshotsLabels(network);
  const name = snapshotsName(network);
  const values = {
    HOME: "/tmp",
    APP: network.app,
    NETWORK: network.name,
    VOLUMES: snapshotVolumes(network)
      .map(({ pod, claim }) => `${pod}=${claim}`)
      .join(" "),
    CLASS: snapshotClassName(network),
    KEEP: String(keep),
  };
  const env = [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    {
      name: "JOB",
      valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
    },
  ];
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: {
      name,
      labels,
      annotations: {
        ...inWave(lastWave(network)),
        // An alert of its own tells of runs that fail. That nothing is wrong with the network must not hang on them.
        "argocd.argoproj.io/ignore-healthcheck": "true",
      },
    },
    spec: {
      schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      // A controller that was away makes up for it, and not for all of a night.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      // So that a person can read what they said.
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit,
          activeDeadlineSeconds: (backoffLimit + 1) * snapshotPatience + 600,
          template: {
            metadata: { labels },
            spec: {
              ...restrictedPod,
              // The one pod of a network that has a token.
              automountServiceAccountToken: true,
              serviceAccountName: name,
              restartPolicy: "Never",
              containers: [
                {
                  name: "snapshots",
                  image,
                  command: ["/bin/sh", `${scriptsFolder}/${snapshotsScript}`],
                  env,
                  resources: clientResources,
                  securityContext: restrictedContainer,
                  volumeMounts: [scriptsMount, tmpMount],
                },
              ],
              volumes: [
                { name: "scripts", configMap: { name: snapshotScriptsName(network), defaultMode: 0o440 } },
                { name: "tmp", emptyDir: {} },
              ],
            },
          },
        },
      },
    },
  };
}
