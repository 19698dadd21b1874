import type { Container, PodSpec, Probe, TopologySpreadConstraint } from "kubernetes-types/core/v1.js";
import { imageName, nodeHome, nodeLabels, nodeName } from "../../network/names.ts";
import { portNames } from "../../network/ports.ts";
import type { BaseNetwork } from "../../network/schema.ts";
import { containerPorts } from "../ports.ts";
import { restrictedContainer, restrictedPod } from "../security.ts";
import {
  hiddenSignedHeight,
  homeMounts,
  scriptsFolder,
  scriptsMount,
  signedHeightMount,
  tmpMount,
  volumes,
} from "./volumes.ts";

/** The time that a node has to close its LevelDB. Shorter times have corrupted it. */
export const gracePeriodSeconds = 120;

/** A validator's pod on any Kubernetes. */
export const validatorPod = (network: BaseNetwork, index: number): PodSpec => ({
  ...restrictedPod,
  terminationGracePeriodSeconds: gracePeriodSeconds,
  // Five validators in three zones leave two in one. That must never keep a pod from starting.
  topologySpreadConstraints: [spreadOver(network, "topology.kubernetes.io/zone", "ScheduleAnyway")],
  initContainers: [preflightContainer(network, index)],
  containers: [nodeContainer(network, index)],
  volumes: volumes(network, index),
});

/** Spreads the validators evenly over the values of a node's label. */
export const spreadOver = (
  network: BaseNetwork,
  topologyKey: string,
  whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway",
): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable,
  labelSelector: { matchLabels: nodeLabels(network) },
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
  // It runs mezod as a client, which takes some 100 MB.
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
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
  startupProbe,
  livenessProbe,
  readinessProbe,
  securityContext: restrictedContainer,
  volumeMounts: [...homeMounts(network), hiddenSignedHeight, signedHeightMount(network), scriptsMount, tmpMount],
});

const startupProbe: Probe = {
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 2,
  timeoutSeconds: 5,
  // An hour: after a crash the node replays blocks before it listens.
  failureThreshold: 1800,
};

const livenessProbe: Probe = {
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 15,
  timeoutSeconds: 5,
  // Two minutes of silence. A restart costs the chain more than a slow answer.
  failureThreshold: 8,
};

/** Twice in a row, so that a node that only passes through a good moment is not ready. */
const readinessProbe: Probe = {
  exec: { command: ["/bin/sh", `${scriptsFolder}/readiness.sh`] },
  periodSeconds: 5,
  timeoutSeconds: 15,
  successThreshold: 2,
  failureThreshold: 3,
};
