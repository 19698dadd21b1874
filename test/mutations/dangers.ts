import type { Any } from "../support/rules/overlay.ts";

/** Known fields that nobody here needs, by where they are added: each would pass the schemas and change what runs. */
interface Danger {
  what: string;
  /** Changes an object, if it is of the kind that the field belongs to. */
  add(object: Any): boolean;
}

const podOf = (object: Any) => (object.spec?.jobTemplate?.spec ?? object.spec)?.template?.spec;
const keystore = "mezo-node-2-keystore";

const inPod = (field: string, value: unknown): Danger => ({
  what: `pod ${field}`,
  add(object) {
    const pod = podOf(object);
    if (!pod) return false;
    pod[field] = value;
    return true;
  },
});

const inContainer = (field: string, value: unknown): Danger => ({
  what: `container ${field}`,
  add(object) {
    const container = podOf(object)?.containers[0];
    if (container) container[field] = value;
    return Boolean(container);
  },
});

const inFirst = (field: string, value: unknown): Danger => ({
  what: `init container ${field}`,
  add(object) {
    const container = podOf(object)?.initContainers?.[0];
    if (container) container[field] = value;
    return Boolean(container);
  },
});

/** Appends to a list of the pod or of its first container. */
const appended = (what: string, list: (pod: Any) => Any[] | undefined, value: unknown): Danger => ({
  what,
  add(object) {
    const items = podOf(object) && list(podOf(object));
    items?.push(value);
    return Boolean(items);
  },
});

const annotated = (annotation: string, value: string): Danger => ({
  what: `annotation ${annotation}: ${value}`,
  add(object) {
    object.metadata.annotations = { ...object.metadata.annotations, [annotation]: value };
    return true;
  },
});

const ofKinds = (kinds: string[], what: string, change: (object: Any) => void): Danger => ({
  what: `${kinds[0]} ${what}`,
  add(object) {
    if (!kinds.includes(object.kind)) return false;
    change(object);
    return true;
  },
});

const security = "securityContext";
const shell = { name: "more", image: "busybox:1.37.0", command: ["/bin/sh", "-c", "rm -rf /mnt/.mezod/data/*"] };
const data = { name: "mezo-node-data", mountPath: "/mnt/.mezod/data" };

const pods: Danger[] = [
  ...["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "automountServiceAccountToken"].map((field) =>
    inPod(field, true),
  ),
  inPod("hostUsers", false),
  inPod("serviceAccountName", "default"),
  inPod("serviceAccount", "default"),
  inPod("priorityClassName", "system-node-critical"),
  inPod("nodeName", "node-1"),
  inPod("nodeSelector", { zone: "a" }),
  inPod("affinity", { podAffinity: {} }),
  inPod("tolerations", [{ operator: "Exists" }]),
  inPod("schedulerName", "other"),
  inPod("runtimeClassName", "other"),
  inPod("dnsPolicy", "None"),
  inPod("dnsConfig", { nameservers: ["192.0.2.1"] }),
  inPod("hostAliases", [{ ip: "192.0.2.1", hostnames: ["mezo-node-0-internal"] }]),
  inPod("hostname", "mezo-node-0"),
  inPod("subdomain", "mezo-node-0"),
  inPod("setHostnameAsFQDN", true),
  inPod("activeDeadlineSeconds", 1),
  inPod("restartPolicy", "OnFailure"),
  inPod("imagePullSecrets", [{ name: keystore }]),
  inPod("readinessGates", [{ conditionType: "never" }]),
  inPod("schedulingGates", [{ name: "never" }]),
  inPod("preemptionPolicy", "Never"),
  inPod("os", { name: "windows" }),
  inPod("ephemeralContainers", [{ name: "debug", image: "busybox:1.37.0" }]),
  inPod("resources", { limits: { memory: "1Mi" } }),
  inPod("overhead", { memory: "1Gi" }),
  appended("container beside", (pod) => pod.containers, shell),
  appended("init container that deletes the state", (pod) => pod.initContainers, { ...shell, volumeMounts: [data] }),
  appended("native sidecar", (pod) => pod.initContainers, { ...shell, restartPolicy: "Always" }),
  appended("host's disk", (pod) => pod.volumes, { name: "host", hostPath: { path: "/" } }),
  appended("another's keys", (pod) => pod.volumes, { name: "keys", secret: { secretName: keystore } }),
  appended("another's claim", (pod) => pod.volumes, {
    name: "claim",
    persistentVolumeClaim: { claimName: "mezo-node-data-mezo-node-2-0" },
  }),
  appended("token", (pod) => pod.volumes, {
    name: "token",
    projected: { sources: [{ serviceAccountToken: { path: "token" } }] },
  }),
  appended("ephemeral volume", (pod) => pod.volumes, { name: "new", ephemeral: { volumeClaimTemplate: {} } }),
  appended("another image's files", (pod) => pod.volumes, {
    name: "next",
    image: { reference: "registry.example/mezod:v1.0.0", pullPolicy: "IfNotPresent" },
  }),
  appended("csi volume", (pod) => pod.volumes, { name: "csi", csi: { driver: "other" } }),
  appended("empty volume over data", (pod) => pod.containers[0].volumeMounts, {
    name: "tmp",
    mountPath: "/mnt/.mezod/data/priv_validator_state.json",
  }),
  appended("second moniker", (pod) => pod.containers[0].args, "--moniker=other"),
  appended("keystore in the environment", (pod) => pod.containers[0].env, {
    name: "KEY",
    valueFrom: { secretKeyRef: { name: keystore, key: "priv_validator_key.json" } },
  }),
  appended("variable that overrides a file", (pod) => pod.containers[0].env, { name: "MEZOD_HALT_HEIGHT", value: "1" }),
  appended("variable of the loader", (pod) => pod.containers[0].env, { name: "LD_PRELOAD", value: "/tmp/a.so" }),
  appended("variable twice", (pod) => pod.containers[0].env, { name: "HOME", value: "/mnt" }),
  appended("host port", (pod) => pod.containers[0].ports, { name: "ssh", containerPort: 22, hostPort: 22 }),
  ...[inContainer, inFirst].flatMap((put) => [
    put("envFrom", [{ secretRef: { name: keystore } }]),
    put("lifecycle", { postStart: { exec: { command: ["/bin/sh", "-c", "exit 1"] } } }),
    put("restartPolicy", "Always"),
    put("workingDir", "/mnt"),
    put("stdin", true),
    put("tty", true),
    put("volumeDevices", [{ name: "mezo-node-data", devicePath: "/dev/x" }]),
    put("imagePullPolicy", "Never"),
    put("terminationMessagePath", "/mnt/.mezod/data/priv_validator_state.json"),
    put("resizePolicy", [{ resourceName: "memory", restartPolicy: "RestartContainer" }]),
    put(security, { privileged: true }),
    put(security, { runAsUser: 0 }),
    put(security, { capabilities: { add: ["SYS_ADMIN"] } }),
    put("args", ["--help"]),
  ]),
  {
    what: "subPathExpr",
    add(object) {
      const mount = podOf(object)?.containers[0].volumeMounts?.find(({ name }: Any) => name === data.name);
      if (mount) mount.subPathExpr = "$(HOSTNAME)";
      return Boolean(mount);
    },
  },
  {
    what: "subPath of the data",
    add(object) {
      const mount = podOf(object)?.containers[0].volumeMounts?.find(({ name }: Any) => name === data.name);
      if (mount) mount.subPath = "new";
      return Boolean(mount);
    },
  },
];

const metadata: Danger[] = [
  annotated("argocd.argoproj.io/hook", "PreSync"),
  annotated("argocd.argoproj.io/hook", "PostDelete"),
  annotated("argocd.argoproj.io/hook-delete-policy", "HookSucceeded"),
  annotated("helm.sh/hook", "pre-install"),
  ...["0x1", "1e1", "1.0", " 2", "two", "-1", "99", ""].map((wave) => annotated("argocd.argoproj.io/sync-wave", wave)),
  ...["Replace=true", "Force=true", "Prune=false", "Delete=true", "SkipDryRunOnMissingResource=true"].map((option) =>
    annotated("argocd.argoproj.io/sync-options", option),
  ),
  annotated("argocd.argoproj.io/compare-options", "IgnoreExtraneous"),
  annotated("argocd.argoproj.io/ignore-healthcheck", "true"),
  annotated("argocd.argoproj.io/skip-reconcile", "true"),
  annotated("kubectl.kubernetes.io/last-applied-configuration", "{}"),
  annotated("config.kubernetes.io/local-config", "true"),
  {
    what: "finalizer",
    add(object) {
      object.metadata.finalizers = ["example.org/never"];
      return true;
    },
  },
  {
    what: "owner",
    add(object) {
      object.metadata.ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "x" }];
      return true;
    },
  },
  {
    what: "label",
    add(object) {
      object.metadata.labels = { ...object.metadata.labels, "app.kubernetes.io/instance": "other" };
      return true;
    },
  },
  {
    what: "generateName",
    add(object) {
      object.metadata.generateName = "x-";
      return true;
    },
  },
];

const expressions = [{ key: "type", operator: "In", values: ["nobody"] }];

const kinds: Danger[] = [
  ofKinds(["StatefulSet"], "updateStrategy", (o) => (o.spec.updateStrategy = { type: "OnDelete" })),
  ofKinds(["StatefulSet"], "partition", (o) => (o.spec.updateStrategy = { rollingUpdate: { partition: 1 } })),
  ofKinds(["StatefulSet"], "minReadySeconds", (o) => (o.spec.minReadySeconds = 86_400)),
  ofKinds(["StatefulSet"], "ordinals", (o) => (o.spec.ordinals = { start: 1 })),
  ofKinds(["StatefulSet"], "revisionHistoryLimit", (o) => (o.spec.revisionHistoryLimit = 0)),
  ofKinds(["StatefulSet"], "second claim", (o) => o.spec.volumeClaimTemplates.push({ metadata: { name: "more" } })),
  ofKinds(["StatefulSet"], "claim of a snapshot", (o) => {
    o.spec.volumeClaimTemplates[0].spec.dataSource = { kind: "VolumeSnapshot", name: "old" };
  }),
  ofKinds(["StatefulSet"], "claim of a volume", (o) => (o.spec.volumeClaimTemplates[0].spec.volumeName = "pv-1")),
  ofKinds(["StatefulSet", "Deployment"], "selector by expressions", (o) => {
    o.spec.selector.matchExpressions = expressions;
  }),
  ofKinds(["Deployment"], "paused", (o) => (o.spec.paused = true)),
  ofKinds(["Deployment"], "strategy", (o) => (o.spec.strategy = { type: "Recreate" })),
  ofKinds(["Job"], "suspend", (o) => (o.spec.suspend = true)),
  ofKinds(["Job"], "parallelism", (o) => (o.spec.parallelism = 5)),
  ofKinds(["Job"], "completions", (o) => (o.spec.completions = 0)),
  ofKinds(["Job"], "ttlSecondsAfterFinished", (o) => (o.spec.ttlSecondsAfterFinished = 0)),
  ofKinds(["Job"], "podFailurePolicy", (o) => (o.spec.podFailurePolicy = { rules: [{ action: "Ignore" }] })),
  ofKinds(["PodDisruptionBudget"], "selector by expressions", (o) => {
    o.spec.selector.matchExpressions = expressions;
  }),
  ofKinds(["PodDisruptionBudget"], "minAvailable", (o) => (o.spec.minAvailable = 0)),
  ofKinds(["PodDisruptionBudget"], "unhealthyPodEvictionPolicy", (o) => {
    o.spec.unhealthyPodEvictionPolicy = "IfHealthyBudget";
  }),
  ofKinds(["NetworkPolicy"], "selector by expressions", (o) => {
    o.spec.podSelector.matchExpressions = expressions;
  }),
  ofKinds(["NetworkPolicy"], "another way in", (o) => (o.spec.ingress = [...(o.spec.ingress ?? []), {}])),
  ofKinds(["NetworkPolicy"], "another way out", (o) => (o.spec.egress = [...(o.spec.egress ?? []), {}])),
  ofKinds(["NetworkPolicy"], "a range of ports", (o) => {
    for (const way of [...(o.spec.ingress ?? []), ...(o.spec.egress ?? [])]) way.ports[0].endPort = 65_535;
    o.spec.policyTypes = [...o.spec.policyTypes].reverse();
  }),
  ...[
    { externalIPs: ["192.0.2.1"] },
    { externalName: "example.org", type: "ExternalName" },
    { type: "NodePort" },
    { clusterIP: "None" },
    { sessionAffinity: "ClientIP" },
    { externalTrafficPolicy: "Cluster" },
    { internalTrafficPolicy: "Local" },
    { loadBalancerSourceRanges: ["192.0.2.0/24"] },
    { loadBalancerIP: "192.0.2.1" },
    { loadBalancerClass: "other" },
    { healthCheckNodePort: 30_000 },
    { allocateLoadBalancerNodePorts: false },
    { trafficDistribution: "PreferClose" },
    { ipFamilies: ["IPv6"] },
  ].map((fields) => ofKinds(["Service"], Object.keys(fields).join(), (o) => Object.assign(o.spec, fields))),
  ofKinds(["Service"], "port of a node", (o) => (o.spec.ports[0].nodePort = 30_001)),
  ofKinds(["Service"], "another port", (o) =>
    o.spec.ports.push({ name: "metrics", port: 26660, targetPort: "metrics" }),
  ),
  ofKinds(["ConfigMap"], "immutable", (o) => (o.immutable = true)),
  ofKinds(["ConfigMap"], "binaryData", (o) => (o.binaryData = { "gate.sh": "ZXhpdCAw" })),
  ofKinds(["ConfigMap"], "another file", (o) => (o.data["more.sh"] = "exit 0")),
];

const argocd: Danger[] = [
  ...[
    { sources: [{ repoURL: "https://example.org/x.git", path: "." }] },
    { ignoreDifferences: [{ kind: "StatefulSet", jsonPointers: ["/spec"] }] },
    { revisionHistoryLimit: 0 },
    { info: [{ name: "a", value: "b" }] },
    { sourceHydrator: { drySource: {} } },
  ].map((fields) => ofKinds(["Application"], Object.keys(fields).join(), (o) => Object.assign(o.spec, fields))),
  ...[
    { kustomize: { namespace: "other" } },
    { kustomize: { images: ["mezo-node=example.org/x:1"] } },
    { kustomize: { patches: [{ patch: "[]" }] } },
    { directory: { recurse: true } },
    { plugin: { name: "x" } },
    { helm: { values: "a" } },
    { chart: "x" },
  ].map((fields) =>
    ofKinds(["Application"], `source.${Object.keys(fields)}`, (o) => Object.assign(o.spec.source, fields)),
  ),
  ofKinds(["Application"], "operation", (o) => (o.operation = { sync: { prune: true } })),
  ofKinds(["Application"], "status", (o) => (o.status = {})),
  ofKinds(["Application"], "syncOptions", (o) => o.spec.syncPolicy.syncOptions.push("Validate=false")),
  ofKinds(["Application"], "managedNamespaceMetadata", (o) => {
    o.spec.syncPolicy.managedNamespaceMetadata = { labels: { "pod-security.kubernetes.io/enforce": "privileged" } };
  }),
  ofKinds(["Application"], "destination.name", (o) => (o.spec.destination.name = "in-cluster")),
  ...[
    { sourceNamespaces: ["*"] },
    { roles: [{ name: "admin", policies: ["p, *, *, *, *, allow"] }] },
    { clusterResourceWhitelist: [{ group: "rbac.authorization.k8s.io", kind: "ClusterRole" }] },
    { namespaceResourceBlacklist: [{ group: "", kind: "ConfigMap" }] },
    { clusterResourceBlacklist: [] },
    { orphanedResources: { warn: false } },
    { syncWindows: [{ kind: "deny", schedule: "* * * * *", duration: "24h" }] },
    { signatureKeys: [{ keyID: "0" }] },
    { permitOnlyProjectScopedClusters: true },
    { destinationServiceAccounts: [{ server: "*", defaultServiceAccount: "admin" }] },
  ].map((fields) => ofKinds(["AppProject"], Object.keys(fields).join(), (o) => Object.assign(o.spec, fields))),
  ofKinds(["AppProject"], "another repository", (o) => o.spec.sourceRepos.push("https://example.org/x.git")),
  ofKinds(["AppProject"], "another namespace", (o) => {
    o.spec.destinations.push({ server: "https://kubernetes.default.svc", namespace: "kube-system" });
  }),
  ofKinds(["AppProject"], "RoleBindings", (o) => {
    o.spec.namespaceResourceWhitelist.push({ group: "rbac.authorization.k8s.io", kind: "RoleBinding" });
  }),
];

/** Every danger. */
export const dangers: readonly Danger[] = [...pods, ...metadata, ...kinds, ...argocd];
