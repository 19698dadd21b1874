import { setTimeout as sleep } from "node:timers/promises";
import { conditionOf, isTrue, type Kube, type KubeObject, referenceTo } from "../kubernetes/client.ts";

/**
 * Stand-ins for what a cluster has beyond its control plane: nodes whose kubelets run no container but report pods as a
 * test wants them, volumes that hold nothing, and a cloud that gives out addresses.
 */
export interface FakeNodes {
  /** Whether a pod that has everything it mounts is ready. Replace it to decide otherwise. */
  isReady: (pod: KubeObject) => boolean;
  /** How a pod that runs to an end has ended, undefined while it runs. Replace it to decide otherwise. */
  ending: (pod: KubeObject) => "Succeeded" | "Failed" | undefined;
  /** Stops reporting. */
  stop: () => Promise<void>;
}

const intervalMilliseconds = 200;

/** A machine that no kubelet runs on. */
export interface FakeNode {
  name: string;
  zone: string;
  /** What it has for pods. */
  cpu: string;
  memory: string;
}

/** The nodes that are always there: five in three zones, with room for everything. */
export const defaultNodes: FakeNode[] = Array.from({ length: 5 }, (_, index) => ({
  name: `node-${index}`,
  zone: `zone-${index % 3}`,
  cpu: "64",
  memory: "512Gi",
}));

/** The provisioner of a StorageClass whose volumes, like a cloud's disks, can be used in one zone alone. */
export const zonalProvisioner = "example.org/zonal";

const zoneLabel = "topology.kubernetes.io/zone";
// The scheduler's answer to where a volume is wanted, for a class that waits for it.
const selectedNode = "volume.kubernetes.io/selected-node";

/** Makes nodes and reports for them until stopped. */
export async function startFakeNodes(kube: Kube): Promise<FakeNodes> {
  for (const node of defaultNodes) await addNode(kube, node);
  let isStopping = false;
  const fakeNodes: FakeNodes = {
    isReady: () => true,
    ending: () => "Succeeded",
    stop: async () => {
      isStopping = true;
      await loop;
    },
  };
  const loop = (async () => {
    while (!isStopping) {
      // The API server may be down, because a test killed it.
      await reportAll(kube, fakeNodes).catch(() => {});
      await sleep(intervalMilliseconds);
    }
  })();
  return fakeNodes;
}

/** Makes a node that is ready. The reports for all pods count for those on it, too. */
export async function addNode(kube: Kube, { name, zone, cpu, memory }: FakeNode): Promise<void> {
  const labels = { "kubernetes.io/hostname": name, [zoneLabel]: zone };
  const node = { apiVersion: "v1", kind: "Node", metadata: { name, labels } };
  await kube.apply(node);
  // A new node is tainted until its kubelet reports.
  await kube.patch(referenceTo(node), { spec: { taints: null } });
  const resources = { cpu, memory, pods: "110", "ephemeral-storage": "1Ti" };
  const conditions = [{ type: "Ready", status: "True" }];
  await kube.patch(
    referenceTo(node),
    { status: { capacity: resources, allocatable: resources, conditions } },
    "status",
  );
}

async function reportAll(kube: Kube, fakeNodes: FakeNodes): Promise<void> {
  const [pods, nodes, classes, claims, services, ingresses, secrets, configMaps] = await Promise.all([
    kube.list("v1", "Pod"),
    kube.list("v1", "Node"),
    kube.list("storage.k8s.io/v1", "StorageClass"),
    kube.list("v1", "PersistentVolumeClaim"),
    kube.list("v1", "Service"),
    kube.list("networking.k8s.io/v1", "Ingress"),
    kube.list("v1", "Secret"),
    kube.list("v1", "ConfigMap"),
  ]);
  const files = [...secrets, ...configMaps];
  const reports = [
    ...pods
      .filter(({ spec }) => spec.nodeName)
      .map((pod) => () => {
        if (pod.metadata.deletionTimestamp) return endPod(kube, pod);
        const starts = canStart(pod, files);
        return pod.spec.restartPolicy === "Never"
          ? reportEnding(kube, pod, starts ? fakeNodes.ending(pod) : undefined)
          : reportPod(kube, pod, starts && fakeNodes.isReady(pod));
      }),
    ...claims
      .filter(({ spec, status }) => status.phase === "Pending" && !spec.volumeName)
      .flatMap((claim) => volumesFor(claim, classes, nodes).map((volume) => () => kube.apply(volume))),
    ...[...services.filter(({ spec }) => spec.type === "LoadBalancer"), ...ingresses]
      .filter(({ status }) => !status?.loadBalancer?.ingress)
      .map((object) => () => assignAddress(kube, object)),
  ];
  // An object that is gone by now must not hold up the others.
  for (const report of reports) await report().catch(() => {});
}

const endPod = (kube: Kube, pod: KubeObject) =>
  kube.delete(referenceTo(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });

async function reportPod(kube: Kube, pod: KubeObject, isReady: boolean): Promise<void> {
  const { spec, status } = pod;
  // A kubelet also waits for every readiness gate, whose condition somebody else sets: on GKE a load balancer's controller.
  const gates = (spec.readinessGates ?? []).every((gate: KubeObject) => isTrue(pod, gate.conditionType));
  const values = { Initialized: true, ContainersReady: isReady, Ready: isReady && gates };
  const reported = Object.entries(values).every(
    ([type, value]) => conditionOf(pod, type)?.status === (value ? "True" : "False"),
  );
  if (reported) return;
  const now = time();
  const conditions = [
    // One that went past the scheduler has none.
    ...(status.conditions ?? []).filter(({ type }: KubeObject) => !Object.hasOwn(values, type)),
    ...Object.entries(values).map(([type, value]) => ({
      type,
      status: value ? "True" : "False",
      lastTransitionTime: now,
    })),
  ];
  const containerStatuses = containersOf(spec, {
    ready: isReady,
    started: true,
    state: { running: { startedAt: now } },
  });
  await kube.patch(
    referenceTo(pod),
    { status: { phase: "Running", startTime: now, conditions, containerStatuses } },
    "status",
  );
}

async function reportEnding(kube: Kube, pod: KubeObject, phase?: "Succeeded" | "Failed"): Promise<void> {
  const { spec, status } = pod;
  if (!phase || status.phase === phase) return;
  const finishedAt = time();
  const terminated = { exitCode: phase === "Succeeded" ? 0 : 1, startedAt: finishedAt, finishedAt };
  const containerStatuses = containersOf(spec, { ready: false, started: false, state: { terminated } });
  await kube.patch(referenceTo(pod), { status: { phase, startTime: finishedAt, containerStatuses } }, "status");
}

/** Now, in whole seconds, as the API server has it. */
const time = () => new Date().toISOString().replace(/\.\d+/, "");

/** The statuses of a pod's containers, all in one state. */
const containersOf = (spec: KubeObject, status: { ready: boolean; started: boolean; state: object }) =>
  spec.containers.map(({ name, image }: KubeObject) => ({ name, image, imageID: image, restartCount: 0, ...status }));

/** Whether every Secret and ConfigMap exists that the pod's files and variables come from; a kubelet waits for them. */
function canStart({ metadata, spec }: KubeObject, files: KubeObject[]): boolean {
  const has = (kind: string, name: string, keys: string[]) =>
    files.some(
      (file) =>
        file.kind === kind &&
        file.metadata.namespace === metadata.namespace &&
        file.metadata.name === name &&
        keys.every((key) => key in (file.data ?? {})),
    );
  const keysOf = (items: KubeObject[] = []) => items.map(({ key }) => key);
  const sources = (spec.volumes ?? []).flatMap(({ secret, configMap, projected }: KubeObject) => [
    ...(secret ? [{ secret: { ...secret, name: secret.secretName } }] : []),
    ...(configMap ? [{ configMap }] : []),
    ...(projected?.sources ?? []),
  ]);
  const variables = spec.containers.flatMap(({ env = [] }: KubeObject) =>
    env.flatMap(({ valueFrom }: KubeObject) => (valueFrom?.secretKeyRef ? [valueFrom.secretKeyRef] : [])),
  );
  return (
    sources.every(
      ({ secret, configMap }: KubeObject) =>
        (!secret || has("Secret", secret.name, keysOf(secret.items))) &&
        (!configMap || configMap.optional || has("ConfigMap", configMap.name, keysOf(configMap.items))),
    ) && variables.every(({ name, key }: KubeObject) => has("Secret", name, [key]))
  );
}

/** The volume that only this claim can bind; none while the scheduler has not yet said where a zone's disk belongs. */
function volumesFor(claim: KubeObject, classes: KubeObject[], nodes: KubeObject[]): KubeObject[] {
  const { metadata, spec } = claim;
  const { apiVersion, kind, name, namespace } = referenceTo(claim);
  const storageClass = classes.find((each) => each.metadata.name === spec.storageClassName);
  const isZonal = storageClass?.provisioner === zonalProvisioner;
  const selected = nodes.find((node) => node.metadata.name === metadata.annotations?.[selectedNode]);
  if (isZonal && !selected) return [];
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `volume-${metadata.uid}` },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        persistentVolumeReclaimPolicy: "Delete",
        ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
        ...(isZonal && { nodeAffinity: inZone(selected.metadata.labels[zoneLabel]) }),
        claimRef: { apiVersion, kind, name, namespace, uid: metadata.uid },
        hostPath: { path: "/nowhere" },
      },
    },
  ];
}

const inZone = (zone: string) => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: "In", values: [zone] }] }] },
});

const assignAddress = (kube: Kube, object: KubeObject) =>
  // From a range reserved for documentation (RFC 5737).
  kube.patch(referenceTo(object), { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }, "status");
