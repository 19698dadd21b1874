// One valid object of each kind. They test the schemas, and have nothing to do with what the network renders.
const metadata = { name: "a", namespace: "b" };
const pod = { containers: [{ name: "c", image: "d" }] };

export const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    selector: { matchLabels: { a: "b" } },
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
    template: {
      metadata: { labels: { a: "b" }, creationTimestamp: null },
      spec: { containers: [{ name: "c", image: "d", resources: { requests: { cpu: 1, memory: "1Gi" } } }] },
    },
  },
};

export const statefulSet = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata,
  spec: {
    serviceName: "a",
    selector: { matchLabels: { a: "b" } },
    template: { metadata: { labels: { a: "b" } }, spec: pod },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
};

export const backendConfig = {
  apiVersion: "cloud.google.com/v1",
  kind: "BackendConfig",
  metadata,
  spec: {
    timeoutSec: 3600,
    healthCheck: { type: "HTTP", requestPath: "/", port: 8545, checkIntervalSec: 10 },
    securityPolicy: { name: "" },
    logging: { enable: true, sampleRate: 0.5 },
  },
};

export const frontendConfig = {
  apiVersion: "networking.gke.io/v1beta1",
  kind: "FrontendConfig",
  metadata,
  spec: { redirectToHttps: { enabled: true, responseCodeName: "FOUND" } },
};

export const sealedSecret = {
  apiVersion: "bitnami.com/v1alpha1",
  kind: "SealedSecret",
  metadata,
  spec: {
    encryptedData: { key: "AgB" },
    template: { data: null, immutable: true, type: "Opaque", metadata: { ...metadata, anything: true } },
  },
};

export const application = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { ...metadata, finalizers: ["resources-finalizer.argocd.argoproj.io"] },
  spec: {
    project: "a",
    source: { repoURL: "https://example.com/a.git", path: "b", helm: { valuesObject: { any: { thing: [1] } } } },
    destination: { server: "https://kubernetes.default.svc", namespace: "b" },
    syncPolicy: { automated: { prune: true }, retry: { limit: 5, backoff: { duration: "5s" } } },
  },
};

export const appProject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata,
  spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "b" }] },
};

export const volumeSnapshotClass = {
  apiVersion: "snapshot.storage.k8s.io/v1",
  kind: "VolumeSnapshotClass",
  metadata: { name: "a" },
  driver: "b",
  deletionPolicy: "Delete",
  parameters: { "storage-locations": "us" },
};

export const volumeSnapshot = {
  apiVersion: "snapshot.storage.k8s.io/v1",
  kind: "VolumeSnapshot",
  metadata,
  spec: { volumeSnapshotClassName: "c", source: { persistentVolumeClaimName: "d" } },
};

export const podMonitoring = {
  apiVersion: "monitoring.googleapis.com/v1",
  kind: "PodMonitoring",
  metadata,
  spec: {
    selector: { matchLabels: { a: "b" } },
    endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
    targetLabels: { fromPod: [{ from: "id" }] },
  },
};

const rule = {
  alert: "A",
  expr: "up == 0",
  for: "5m",
  labels: { severity: "critical" },
  annotations: { summary: "a" },
};

export const gmpRules = {
  apiVersion: "monitoring.googleapis.com/v1",
  kind: "Rules",
  metadata,
  spec: { groups: [{ name: "a", interval: "30s", rules: [rule] }] },
};

export const podMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PodMonitor",
  metadata,
  spec: { selector: { matchLabels: { a: "b" } }, podMetricsEndpoints: [{ port: "metrics", interval: "30s" }] },
};

export const prometheusRule = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata,
  spec: { groups: [{ name: "a", interval: "30s", rules: [rule] }] },
};
