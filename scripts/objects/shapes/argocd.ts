import { notificationsConfig } from "generators/components/notifications.ts";
import type { Application } from "../argocd.ts";
import type { Manifest } from "../manifests.ts";
import { oneOf, type Shape, text } from "../shape.ts";

// The cluster that Argo CD runs in. Another one is known by its server or by a name, which are no patterns.
const server = "https://kubernetes.default.svc";
const otherServer = text(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]+)?$/, "the URL of one cluster");
const clusterName = text(/^(?!in-cluster$)[A-Za-z0-9][\w.:@/-]*$/, "the name of one cluster");
const dnsLabel = text(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace");
const repository = text(/^(https?:\/\/|ssh:\/\/|git@|file:\/\/)[^\s*!]+$/, "the URL of one repository");
const branch = text(/^(?!HEAD$)[\w][\w./-]*$/, "a branch");

/** The Application of the network that its name ends with. It has no finalizer: the network outlives it. */
export const applicationShape = ({ metadata: { name, annotations = {} } }: Manifest): Shape => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: {
    name,
    namespace: dnsLabel,
    annotations: { "argocd.argoproj.io/manifest-generate-paths": ".;/base", ...subscriptions(annotations) },
  },
  spec: {
    project: name,
    source: {
      repoURL: repository,
      targetRevision: branch,
      path: text(new RegExp(`^overlays/(${endings(name).join("|")})$`), `the overlay that ${name} is named after`),
    },
    destination: oneOf(
      { name: clusterName, namespace: dnsLabel },
      { server: otherServer, namespace: dnsLabel },
      { server, namespace: dnsLabel },
    ),
    syncPolicy: {
      automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
      syncOptions: ["ServerSideApply=true", "PruneLast=true", "FailOnSharedResource=true"],
      retry: { limit: 10, refresh: true, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
    },
  },
});

/** All subscriptions or none, to one service and one recipient. */
function subscriptions(annotations: Readonly<Record<string, string>>): Record<string, Shape> {
  const [first] = Object.keys(annotations).filter((key) => key.startsWith("notifications.argoproj.io/"));
  if (first === undefined) return {};
  const service = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.exec(first.split(".").at(-1) ?? "")?.[0] ?? "slack";
  const recipient = annotations[first] ?? "";
  const one = /^[^\s;]+$/.test(recipient) ? recipient : "one channel";
  return Object.fromEntries(
    notified.map((what) => [`notifications.argoproj.io/subscribe.network-${what}.${service}`, one]),
  );
}

const notified = ["sync-failed", "sync-waits", "degraded", "deployed"];

/** Argo CD's triggers and templates: these keys, and nothing that sends anything elsewhere. */
export const notificationsShape = ({ metadata: { namespace } }: Manifest): Shape =>
  ({
    ...notificationsConfig(namespace ?? ""),
    metadata: { name: "argocd-notifications-cm", namespace, labels: { "app.kubernetes.io/part-of": "argocd" } },
  }) as unknown as Shape;

/** What follows some hyphen of a name: "mezo-staging" ends with "staging". */
export const endings = (name: string) =>
  name
    .split("-")
    .map((_, i, parts) => parts.slice(i).join("-"))
    .slice(1);

/**
 * The AppProject of an Application: it allows what that one deploys, and no more. Where it allows the class of snapshots, it
 * allows all that belongs to them.
 */
export const projectShape = ({ metadata, spec }: Application, project: Manifest): Shape => {
  const { namespace = "", name, server = "" } = spec.destination ?? {};
  const priorityClass = { group: "scheduling.k8s.io", kind: "PriorityClass", name: `${metadata.name}-validator` };
  const classes = hasSnapshots(project)
    ? [priorityClass, { ...snapshotClass, name: `${metadata.name}-snapshots` }]
    : [priorityClass];
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: metadata.name, namespace: metadata.namespace ?? "" },
    spec: {
      description: text(/^The \S+ network of \S+$/, "the description of a network"),
      sourceRepos: [spec.source?.repoURL ?? ""],
      destinations: [{ ...(name === undefined ? { server } : { name }), namespace }],
      // A network may live in a namespace that was there before, and needs no right to make one then.
      clusterResourceWhitelist:
        namespace === "default" ? classes : oneOf(classes, [{ group: "", kind: "Namespace" }, ...classes]),
      namespaceResourceWhitelist: hasSnapshots(project) ? [...allowedKinds, ...kindsOfSnapshots] : allowedKinds,
    },
  };
};

const snapshotClass = { group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotClass" };

const hasSnapshots = (project: Manifest) =>
  (
    project as Manifest & { spec?: { clusterResourceWhitelist?: { kind?: string }[] } }
  ).spec?.clusterResourceWhitelist?.some(({ kind }) => kind === snapshotClass.kind) === true;

/** What overlays with snapshots hold beside: what gives the job its rights, which a rule for overlays bounds. */
const kindsOfSnapshots = [
  { group: "", kind: "ServiceAccount" },
  { group: "batch", kind: "CronJob" },
  { group: "rbac.authorization.k8s.io", kind: "Role" },
  { group: "rbac.authorization.k8s.io", kind: "RoleBinding" },
];

/** What overlays hold: no Secret, nothing that gives rights, and of Jobs only gates. */
const allowedKinds = [
  { group: "", kind: "ConfigMap" },
  { group: "", kind: "Service" },
  { group: "batch", kind: "Job" },
  { group: "apps", kind: "Deployment" },
  { group: "apps", kind: "StatefulSet" },
  { group: "bitnami.com", kind: "SealedSecret" },
  { group: "cloud.google.com", kind: "BackendConfig" },
  { group: "monitoring.coreos.com", kind: "PodMonitor" },
  { group: "monitoring.coreos.com", kind: "PrometheusRule" },
  { group: "monitoring.googleapis.com", kind: "PodMonitoring" },
  { group: "monitoring.googleapis.com", kind: "Rules" },
  { group: "networking.gke.io", kind: "FrontendConfig" },
  { group: "networking.k8s.io", kind: "Ingress" },
  { group: "networking.k8s.io", kind: "NetworkPolicy" },
  { group: "policy", kind: "PodDisruptionBudget" },
];
