import { setTimeout as sleep } from "node:timers/promises";
import { type Kube, type KubeObject, referenceTo } from "../kubernetes/client.ts";

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

const nodes = 5;
const intervalMilliseconds = 200;

/** Makes nodes and reports for them until stopped. */
export async function startFakeNodes(kube: Kube): Promise<FakeNodes> {
  for (let i = 0; i < nodes; i++) await addNode(kube, i);
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

async function addNode(kube: Kube, index: number): Promise<void> {
  const name = `node-${index}`;
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": `zone-${index % 3}` };
  const node = { apiVersion: "v1", kind: "Node", metadata: { name, labels } };
  await kube.apply(node);
  // A new node is tainted until its kubelet reports.
  await kube.patch(referenceTo(node), { spec: { taints: null } });
  const resources = { cpu: "64", memory: "512Gi", pods: "110", "ephemeral-storage": "1Ti" };
  const conditions = [{ type: "Ready", status: "True" }];
  await kube.patch(
    referenceTo(node),
    { status: { capacity: resources, allocatable: resources, conditions } },
    "status",
  );
}

async function reportAll(kube: Kube, fakeNodes: FakeNodes): Promise<void> {
  const [pods, claims, services, ingresses, secrets, configMaps] = await Promise.all([
    kube.list("v1", "Pod"),
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
      .map((claim) => () => createVolume(kube, claim)),
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
  const value = isReady ? "True" : "False";
  const reported = status.conditions?.find(({ type }: KubeObject) => type === "Ready");
  if (reported?.status === value) return;
  const now = time();
  const conditions = [
    ...status.conditions.filter(({ type }: KubeObject) => type === "PodScheduled"),
    ...["Initialized", "ContainersReady", "Ready"].map((type) => ({
      type,
      status: type === "Initialized" ? "True" : value,
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

/** Creates a volume that only this claim can bind. */
async function createVolume(kube: Kube, claim: KubeObject): Promise<void> {
  const { metadata, spec } = claim;
  const { apiVersion, kind, name, namespace } = referenceTo(claim);
  await kube.apply({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `volume-${metadata.uid}` },
    spec: {
      capacity: spec.resources.requests,
      accessModes: spec.accessModes,
      persistentVolumeReclaimPolicy: "Delete",
      ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
      claimRef: { apiVersion, kind, name, namespace, uid: metadata.uid },
      hostPath: { path: "/nowhere" },
    },
  });
}

const assignAddress = (kube: Kube, object: KubeObject) =>
  // From a range reserved for documentation (RFC 5737).
  kube.patch(referenceTo(object), { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }, "status");
