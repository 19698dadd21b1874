import type {
  Affinity,
  Container,
  ContainerPort,
  EnvVar,
  PodSpec,
  Probe,
  SecurityContext,
  Volume,
  VolumeMount,
} from "kubernetes-types/core/v1.js";
import { ownSignerFolder } from "../../mezod/roles.ts";
import {
  type KeylessKind,
  type KeylessSet,
  keylessConfigName,
  keylessDataName,
  keylessLabels,
  keylessScriptsName,
  keylessStateSync,
  ownPorts,
  proxiedPorts,
  proxyName,
} from "../../network/keyless.ts";
import { genesisConfigName, imageName, internalName, nodeHome, nodeLabels, tomlFiles } from "../../network/names.ts";
import { portNames } from "../../network/ports.ts";
import type { Network } from "../../network/schema.ts";
import { sample } from "../../network/validators.ts";
import { containerPorts } from "../ports.ts";
import { followerReadinessScript, keylessPreflightScript, startScript } from "../scripts/keyless.ts";
import { proxyFile } from "../scripts/proxy.ts";
import { clientResources, resources as resourcesOf, restrictedContainer, restrictedPod } from "../security.ts";
import { goMemoryLimit, stateSyncEnvironment } from "../validator/overlay.ts";
import {
  apart,
  drained,
  graceSeconds,
  livenessProbe,
  readinessProbe,
  spreadOver,
  startupProbe,
} from "../validator/pod.ts";
import { nextMounts, nextVolumes, ownProbe, planEnvironment, skipFlags } from "../validator/upgrade.ts";
import { asItems, scriptsFolder, scriptsMount, tmpMount } from "../validator/volumes.ts";

const hostname = "kubernetes.io/hostname";

/** The pod of a node without a key. It mounts no Secret. */
export function keylessPod(network: Network, set: KeylessSet): PodSpec {
  const labels = keylessLabels(network, set.kind);
  return {
    ...restrictedPod,
    terminationGracePeriodSeconds: graceSeconds,
    affinity: placement(network, labels),
    topologySpreadConstraints: [
      ...(network.spread === "preferred" ? [spreadOver(hostname, labels)] : []),
      spreadOver("topology.kubernetes.io/zone", labels),
    ],
    initContainers: [preflight(network, set.kind)],
    // The node comes first: tools look there.
    containers: [node(network, set), ...proxies(network, set.kind)],
    volumes: [...volumes(network, set.kind), ...(nextVolumes(network).volumes ?? [])],
  };
}

/** Not beside a validator where there is another machine: what the public asks takes the disk and the processors, too. */
const placement = (network: Network, labels: Record<string, string>): Affinity => ({
  podAntiAffinity: {
    ...(network.spread === "required" && apart(labels).podAntiAffinity),
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: hostname, labelSelector: { matchLabels: nodeLabels(network) } },
      },
    ],
  },
});

const podName: EnvVar = { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } };
const home: EnvVar = { name: "HOME", value: "/tmp" };

const preflight = (network: Network, kind: KeylessKind): Container => ({
  name: "preflight",
  image: imageName(network),
  command: ["/bin/sh", `${scriptsFolder}/${keylessPreflightScript}`],
  env: [podName, home],
  resources: clientResources,
  securityContext: restrictedContainer,
  volumeMounts: mounts(network, kind),
});

/**
 * What stands before an RPC node, at the ports that everybody knows. It is no sidecar among the init containers: before 1.32
 * Kubernetes leads no Service to a port's name there.
 */
function proxies({ ports, rpcNodes }: Network, kind: KeylessKind): Container[] {
  if (kind !== "rpc-node" || !rpcNodes) return [];
  const { image, resources } = rpcNodes.proxy;
  return [
    {
      name: proxyName,
      image,
      command: ["caddy", "run", "--config", `${scriptsFolder}/${proxyFile}`, "--adapter", "caddyfile"],
      // Without certificates there is nothing that it would keep.
      env: ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map((name) => ({ name, value: "/nonexistent" })),
      ports: proxiedPorts.map((name) => ({ name, containerPort: ports[name] })),
      // As long as the node, which goes on answering meanwhile.
      lifecycle: drained,
      readinessProbe: { tcpSocket: { port: "json-rpc" }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
      resources: resourcesOf(resources, "64Mi"),
      securityContext: proxySecurity,
      volumeMounts: [scriptsMount],
    },
  ];
}

/**
 * The program in Caddy's image is marked to have this capability, and Linux starts no such program where it can't be had. It
 * is the one that the restricted standard allows, and lets nobody do more than listen at a port below 1024.
 */
const proxySecurity: SecurityContext = {
  ...restrictedContainer,
  capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
};

/** The ports that a node of a kind listens on. */
const keylessPorts = (network: Network, kind: KeylessKind): ContainerPort[] =>
  kind === "seed"
    ? containerPorts(network, ["p2p", "rpc", "metrics"])
    : [
        ...containerPorts(
          network,
          portNames.filter((name) => !proxiedPorts.some((each) => each === name)),
        ),
        ...ownPorts(network).map(({ name, port }) => ({ name, containerPort: port })),
      ];

const node = (network: Network, { kind, resources }: KeylessSet): Container => ({
  name: imageName(network),
  image: imageName(network),
  command: ["/bin/sh", `${scriptsFolder}/${startScript(kind)}`, "start", ...skipFlags(network)],
  args: ["--home", nodeHome, "--moniker", "$(POD_NAME)", "--metrics"],
  env: [
    podName,
    home,
    // A volume that is a copy of another pod's has that pod's key, and two nodes with one identity drop each other's peers.
    { name: "MEZOD_NODE_KEY_FILE", value: "data/node_key-$(POD_NAME).json" },
    // Prices and the bridge's events are for those who vote. Releases that know no oracle ignore it.
    { name: "MEZOD_ORACLE_ENABLED", value: "false" },
    { name: "GOMEMLIMIT", value: goMemoryLimit(resources.memory) },
    ...(kind === "rpc-node" ? chainEnvironment(network) : []),
    ...planEnvironment(network),
    ...stateSyncEnvironment(keylessStateSync(network, kind)),
  ],
  ports: keylessPorts(network, kind),
  lifecycle: drained,
  startupProbe,
  livenessProbe: liveness(network),
  readinessProbe: kind === "seed" ? livenessProbe : readinessProbe(followerReadinessScript),
  resources: resourcesOf(resources, "1Gi"),
  securityContext: restrictedContainer,
  volumeMounts: mounts(network, kind),
});

/** With a planned upgrade the probe is another one, and no HTTP probe beside it. */
function liveness(network: Network): Probe {
  const { exec, timeoutSeconds } = ownProbe(network).livenessProbe ?? {};
  if (!exec || timeoutSeconds === undefined) return livenessProbe;
  const { httpGet: _, ...times } = livenessProbe;
  return { ...times, exec, timeoutSeconds };
}

/** What the readiness probe must know: whom it is compared with. */
const chainEnvironment = (network: Network): EnvVar[] => [
  { name: "CHAIN_ID", value: network.chain.id },
  {
    name: "VALIDATORS",
    value: sample(network.validators)
      .map(({ index }) => internalName(network, index))
      .join(" "),
  },
];

const mounts = (network: Network, kind: KeylessKind): VolumeMount[] => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file` },
  { name: keylessDataName(network, kind), mountPath: `${nodeHome}/data` },
  { name: "signer", mountPath: `${nodeHome}/${ownSignerFolder}` },
  scriptsMount,
  tmpMount,
  ...(nextMounts(network).volumeMounts ?? []),
];

const volumes = (network: Network, kind: KeylessKind): Volume[] => [
  {
    name: "config",
    projected: {
      defaultMode: 0o440,
      sources: [
        { configMap: { name: keylessConfigName(network, kind), items: asItems(tomlFiles) } },
        { configMap: { name: genesisConfigName(network), items: asItems(["genesis.json"]) } },
      ],
    },
  },
  // Empty: JSON-RPC asks it for the accounts that the node has, and the answer is that there are none.
  { name: "keyring", emptyDir: {} },
  { name: "signer", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
  { name: "scripts", configMap: { name: keylessScriptsName(network), defaultMode: 0o440 } },
  { name: "tmp", emptyDir: {} },
];
