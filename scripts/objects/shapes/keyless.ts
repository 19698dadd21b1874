import {
  firstOrdinal,
  type KeylessSet,
  keylessConfigName,
  keylessDataName,
  keylessLabels,
  keylessName,
  keylessScriptsName,
  keylessSets,
  keylessStateSync,
} from "generators/network/keyless.ts";
import { genesisConfigName, internalName, nodeHome, nodeLabels, tomlFiles } from "generators/network/names.ts";
import { portNames } from "generators/network/ports.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { sample } from "generators/network/validators.ts";
import { hashed, listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { servers } from "./node-environment.ts";
import {
  clientResources,
  goLimit,
  networkImage,
  resources,
  restrictedContainer,
  restrictedPod,
  scrapedBy,
  script,
  tmp,
} from "./pod.ts";
import { proxied, proxy } from "./proxy.ts";
import { spread } from "./scheduling.ts";
import { liveness, nextRelease, skipped } from "./upgrade.ts";

// In seconds, as for validators.
const gracePeriod = 120;
const drain = 10;

/** The StatefulSet of each kind of nodes without keys. */
export const keyless = (network: Network): Expected[] =>
  keylessSets(network).map((set) => ({
    kind: "StatefulSet",
    name: keylessName(network, set.kind),
    shape: statefulSet(network, set),
  }));

function statefulSet(network: Network, set: KeylessSet): Shape {
  const { kind, replicas } = set;
  const name = keylessName(network, kind);
  const labels = keylessLabels(network, kind);
  const scraped = scrapedBy(network);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    // After every validator: none of them waits for such a node.
    metadata: { name, namespace: network.namespace, labels, annotations: inWave(lastWave(network)) },
    spec: {
      replicas,
      ...(firstOrdinal(kind) > 0 && { ordinals: { start: firstOrdinal(kind) } }),
      serviceName: name,
      selector: { matchLabels: labels },
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: { metadata: { labels, ...(scraped && { annotations: scraped }) }, spec: pod(network, set) },
      volumeClaimTemplates: [claim(network, set)],
    },
  };
}

const claim = (network: Network, { kind, storage }: KeylessSet): Shape => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: keylessDataName(network, kind) },
  spec: {
    accessModes: [storage.accessMode],
    resources: { requests: { storage: storage.size } },
    ...(storage.className && { storageClassName: storage.className }),
    ...(storage.from && { dataSource: copied(storage.from) }),
  },
});

const copied = (from: NonNullable<KeylessSet["storage"]["from"]>): Shape =>
  "claim" in from
    ? { kind: "PersistentVolumeClaim", name: from.claim }
    : { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: from.snapshot };

const pod = (network: Network, set: KeylessSet): Shape => ({
  ...restrictedPod,
  terminationGracePeriodSeconds: gracePeriod + drain,
  affinity: { podAntiAffinity: apart(network, keylessLabels(network, set.kind)) },
  topologySpreadConstraints: listed("topologyKey", [
    ...(network.spread === "preferred" ? [spread("kubernetes.io/hostname", keylessLabels(network, set.kind))] : []),
    spread("topology.kubernetes.io/zone", keylessLabels(network, set.kind)),
  ]),
  initContainers: [preflight(network, set)],
  containers: [node(network, set), ...(set.kind === "rpc-node" ? proxy(network) : [])],
  volumes: listed("name", volumes(network, set)),
});

/** Machines without a validator come first; two of a kind share one where that is allowed. */
const apart = (network: Network, matchLabels: Record<string, string>): Shape => ({
  ...(network.spread === "required" && {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } },
    ],
  }),
  preferredDuringSchedulingIgnoredDuringExecution: [
    {
      weight: 100,
      podAffinityTerm: {
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: nodeLabels(network) },
      },
    },
  ],
});

const podName = { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } };
const home = { name: "HOME", value: "/tmp" };

/** It ends before the node starts, and well only where no key of a validator is there. */
const preflight = (network: Network, set: KeylessSet): Shape => ({
  name: "preflight",
  image: networkImage(network),
  command: script("preflight-keyless.sh"),
  env: [podName, home],
  resources: clientResources,
  securityContext: restrictedContainer,
  volumeMounts: listed("mountPath", mounts(network, set)),
});

const node = (network: Network, set: KeylessSet): Shape => ({
  name: `${network.app}-node`,
  image: networkImage(network),
  command: [...script(`start-${set.kind}.sh`), "start", ...skipped(network)],
  args: ["--home", nodeHome, "--moniker", "$(POD_NAME)", "--metrics"],
  // In this order: Kubernetes puts a variable's value into those behind it.
  env: [
    podName,
    home,
    { name: "MEZOD_NODE_KEY_FILE", value: "data/node_key-$(POD_NAME).json" },
    { name: "MEZOD_ORACLE_ENABLED", value: "false" },
    { name: "GOMEMLIMIT", value: goLimit(set.resources.memory) },
    ...(set.kind === "rpc-node" ? compared(network) : []),
    ...nextRelease(network).environment,
    ...Object.entries(servers(keylessStateSync(network, set.kind)) ?? {}).map(([name, value]) => ({
      name: `MEZOD_${name}`,
      value,
    })),
  ],
  ports: listed("name", ports(network, set)),
  lifecycle: { preStop: { sleep: { seconds: drain } } },
  startupProbe: health(2, 1800),
  livenessProbe: liveness(network, health(15, 8)),
  readinessProbe:
    set.kind === "seed"
      ? health(15, 8)
      : {
          exec: { command: script("readiness-follower.sh") },
          periodSeconds: 5,
          timeoutSeconds: 15,
          successThreshold: 2,
          failureThreshold: 3,
        },
  resources: resources(set.resources.cpu, set.resources.memory, "1Gi"),
  securityContext: restrictedContainer,
  volumeMounts: listed("mountPath", mounts(network, set)),
});

/** An RPC node leaves to its proxy the ports that the others have for JSON-RPC. */
function ports(network: Network, { kind }: KeylessSet) {
  const names = kind === "seed" ? (["p2p", "rpc", "metrics"] as const) : portNames;
  const behind = kind === "seed" ? [] : proxied(network);
  return [
    ...names
      .filter((name) => !behind.some((each) => each.name === name))
      .map((name) => ({ name, containerPort: network.ports[name] })),
    ...behind.map(({ own }) => ({ name: own.name, containerPort: own.port })),
  ];
}

/** Whom an RPC node is compared with, to be ready. */
const compared = (network: Network) => [
  { name: "CHAIN_ID", value: network.chain.id },
  {
    name: "VALIDATORS",
    value: sample(network.validators)
      .map(({ index }) => internalName(network, index))
      .join(" "),
  },
];

const health = (periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds,
  timeoutSeconds: 5,
  failureThreshold,
});

const mounts = (network: Network, { kind }: KeylessSet) => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file` },
  { name: keylessDataName(network, kind), mountPath: `${nodeHome}/data` },
  { name: "signer", mountPath: `${nodeHome}/signer` },
  { name: "scripts", mountPath: "/scripts", readOnly: true },
  tmp.mount,
  ...nextRelease(network).mounts,
];

/** No Secret is among them, and the key that the node makes for itself is in memory alone. */
function volumes(network: Network, { kind }: KeylessSet) {
  const items = (files: readonly string[]) => files.map((file) => ({ key: file, path: file }));
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: hashed(keylessConfigName(network, kind)), items: listed("key", items(tomlFiles)) } },
          { configMap: { name: hashed(genesisConfigName(network)), items: items(["genesis.json"]) } },
        ],
      },
    },
    { name: "keyring", emptyDir: {} },
    { name: "signer", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
    { name: "scripts", configMap: { name: hashed(keylessScriptsName(network)), defaultMode: 0o440 } },
    tmp.volume,
    ...nextRelease(network).volumes,
  ];
}
