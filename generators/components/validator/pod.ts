import type {
  Affinity,
  Container,
  Lifecycle,
  PodSpec,
  Probe,
  TopologySpreadConstraint,
} from "kubernetes-types/core/v1.js";
import { imageName, nodeHome, nodeLabels, nodeName } from "../../network/names.ts";
import { portNames } from "../../network/ports.ts";
import type { BaseNetwork } from "../../network/schema.ts";
import { containerPorts } from "../ports.ts";
import { clientResources, restrictedContainer, restrictedPod } from "../security.ts";
import {
  hiddenSignedHeight,
  homeMounts,
  scriptsFolder,
  scriptsMount,
  signedHeightMount,
  tmpMount,
  volumes,
} from "./volumes.ts";

// The time in which Services and load balancers learn that a pod is leaving, while its node still answers. Kubernetes waits
// by itself since 1.30; the image has no program that could.
const drainSeconds = 10;

// The time that a node has to close its LevelDB after that. Shorter times have corrupted it.
const closeSeconds = 120;

/** The time between the signal that ends a pod and the one that kills it. */
export const graceSeconds = drainSeconds + closeSeconds;

/** What a pod does before its node gets the signal: it goes on answering. */
export const drained: Lifecycle = { preStop: { sleep: { seconds: drainSeconds } } };

/** A validator's pod on any Kubernetes. */
export const validatorPod = (network: BaseNetwork, index: number): PodSpec => ({
  ...restrictedPod,
  terminationGracePeriodSeconds: graceSeconds,
  // Five validators in three zones leave two in one. That must never keep a pod from starting.
  topologySpreadConstraints: [spreadOver("topology.kubernetes.io/zone", nodeLabels(network))],
  initContainers: [preflightContainer(network, index)],
  containers: [nodeContainer(network, index)],
  volumes: volumes(network, index),
});

/**
 * Spreads pods of some labels evenly over the values of a node's label, as far as that goes: a pod whose disk is in one zone
 * must start there whatever runs there already, so this is never a condition. Machines that are being drained don't count.
 */
export const spreadOver = (topologyKey: string, matchLabels: Record<string, string>): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway",
  nodeTaintsPolicy: "Honor",
  labelSelector: { matchLabels },
});

/** No two such pods on one machine. A spread of 1 would allow it wherever every machine has one already. */
export const apart = (matchLabels: Record<string, string>): Affinity => ({
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } },
    ],
  },
});

const preflightContainer = (network: BaseNetwork, index: number): Container => ({
  name: "preflight",
  image: imageName(network),
  command: ["/bin/sh", `${scriptsFolder}/preflight.sh`],
  env: [
    { name: "NODE", value: nodeName(network, index) },
    { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
    { name: "HOME", value: "/tmp" },
  ],
  resources: clientResources,
  securityContext: restrictedContainer,
  volumeMounts: [...homeMounts(network), signedHeightMount(network), scriptsMount, tmpMount],
});

const nodeContainer = (network: BaseNetwork, index: number): Container => ({
  name: imageName(network),
  image: imageName(network),
  // The node itself is PID 1, so that SIGTERM reaches it.
  command: ["mezod", "start"],
  // The EVM's metrics have no switch in app.toml. The flag, which every release knows, opens their port and makes them
  // count: the EVM itself looks for this word on the command line. The variable MEZOD_METRICS opens the port alone, and
  // all that is read there is zero.
  args: ["--home", nodeHome, "--moniker", nodeName(network, index), "--metrics"],
  env: [{ name: "HOME", value: "/tmp" }],
  ports: containerPorts(network, portNames),
  lifecycle: drained,
  startupProbe,
  livenessProbe,
  readinessProbe: readinessProbe("readiness.sh"),
  securityContext: restrictedContainer,
  volumeMounts: [...homeMounts(network), hiddenSignedHeight, signedHeightMount(network), scriptsMount, tmpMount],
});

export const startupProbe: Probe = {
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 2,
  timeoutSeconds: 5,
  // An hour: after a crash the node replays blocks before it listens.
  failureThreshold: 1800,
};

/** The time in which a probe that starts mezod has its answer, on a machine that is busy. */
export const answerSeconds = 15;

export const livenessProbe: Probe = {
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 15,
  timeoutSeconds: 5,
  // Two minutes of silence. A restart costs the chain more than a slow answer.
  failureThreshold: 8,
};

/** Twice in a row, so that a node that only passes through a good moment is not ready. */
export const readinessProbe = (script: string): Probe => ({
  exec: { command: ["/bin/sh", `${scriptsFolder}/${script}`] },
  periodSeconds: 5,
  timeoutSeconds: answerSeconds,
  successThreshold: 2,
  failureThreshold: 3,
});
