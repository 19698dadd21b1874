import { destinationOf } from "../network/destination.ts";
import { applicationName } from "../network/names.ts";
import type { Network } from "../network/schema.ts";
import { snapshotClassName } from "../network/snapshots.ts";
import type { Files } from "../tree.ts";
import { kustomization } from "./kustomization.ts";
import { argocdMonitoring } from "./monitoring/argocd.ts";
import { ownsNamespace } from "./namespace.ts";
import { notificationsConfig, subscriptions } from "./notifications.ts";
import { priorityClassName } from "./priority.ts";

type Served = Network & { argocd: NonNullable<Network["argocd"]> };

// What overlays hold, and nothing else: no Secret, nothing that runs code in another namespace.
const allowedKinds = [
  { group: "", kinds: ["ConfigMap", "Service"] },
  // Of Jobs there are the gates before a rollout's batches, and rules see to it that there are no others.
  { group: "batch", kinds: ["Job"] },
  { group: "apps", kinds: ["Deployment", "StatefulSet"] },
  { group: "bitnami.com", kinds: ["SealedSecret"] },
  { group: "cloud.google.com", kinds: ["BackendConfig"] },
  { group: "monitoring.coreos.com", kinds: ["PodMonitor", "PrometheusRule"] },
  { group: "monitoring.googleapis.com", kinds: ["PodMonitoring", "Rules"] },
  { group: "networking.gke.io", kinds: ["FrontendConfig"] },
  { group: "networking.k8s.io", kinds: ["Ingress", "NetworkPolicy"] },
  { group: "policy", kinds: ["PodDisruptionBudget"] },
];

// What the job that makes snapshots needs beside that. A Role can give any right in the network's namespace, so a rule sees to
// it that there is no other than the job's.
const kindsOfSnapshots = [
  { group: "", kinds: ["ServiceAccount"] },
  { group: "batch", kinds: ["CronJob"] },
  { group: "rbac.authorization.k8s.io", kinds: ["Role", "RoleBinding"] },
];

/** overlays/argocd: an AppProject and an Application for each network that Argo CD deploys. */
export function argocdOverlay(networks: readonly Network[]): Files {
  const objects = networks
    .filter(isServed)
    .flatMap((network) => [
      [`${network.name}-appproject.yaml`, appProject(network)],
      [`${network.name}-application.yaml`, application(network)],
      ...Object.entries(argocdMonitoring(network, network.argocd.namespace, applicationName(network))).map(
        ([file, object]) => [`${network.name}-${file}`, object],
      ),
    ]);
  const places = new Set(networks.flatMap(({ argocd }) => (argocd?.notifications ? [argocd.namespace] : [])));
  for (const namespace of places) objects.push([`${namespace}-notifications.yaml`, notificationsConfig(namespace)]);
  const names = objects.map(([file]) => file as string);
  return { "kustomization.yaml": kustomization({ resources: names }), ...Object.fromEntries(objects) };
}

/** Whether Argo CD deploys a network. */
export const isServed = (network: Network): network is Served => network.argocd !== undefined;

/** The AppProject of a network that Argo CD deploys: what the Application may touch. */
export const appProject = (network: Served) => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: applicationName(network), namespace: network.argocd.namespace },
  spec: {
    description: `The ${network.name} network of ${network.chain.id}`,
    sourceRepos: [network.argocd.repoURL],
    destinations: [{ ...destinationOf(network.argocd), namespace: network.namespace }],
    clusterResourceWhitelist: [
      ...(ownsNamespace(network) ? [{ group: "", kind: "Namespace" }] : []),
      // This one alone: others decide what runs of other networks.
      { group: "scheduling.k8s.io", kind: "PriorityClass", name: priorityClassName(network) },
      ...(network.snapshots
        ? [{ group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotClass", name: snapshotClassName(network) }]
        : []),
    ],
    namespaceResourceWhitelist: [...allowedKinds, ...(network.snapshots ? kindsOfSnapshots : [])].flatMap(
      ({ group, kinds }) => kinds.map((kind) => ({ group, kind })),
    ),
  },
});

// It has no finalizer, so that the network keeps running when the Application is deleted.
const application = (network: Served) => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: {
    name: applicationName(network),
    namespace: network.argocd.namespace,
    annotations: { "argocd.argoproj.io/manifest-generate-paths": ".;/base", ...subscriptions(network) },
  },
  spec: {
    project: applicationName(network),
    source: {
      repoURL: network.argocd.repoURL,
      targetRevision: network.argocd.revision,
      path: `overlays/${network.name}`,
    },
    destination: { ...destinationOf(network.argocd), namespace: network.namespace },
    syncPolicy: {
      automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
      syncOptions: ["ServerSideApply=true", "PruneLast=true", "FailOnSharedResource=true"],
      // With `refresh` a retry takes the newest commit, which may hold the fix.
      retry: { limit: 10, refresh: true, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
    },
  },
});
