import type { Container, PodSpec, Probe, TopologySpreadConstraint } from "kubernetes-types/core/v1.js";
import { imageName, nodeHome, nodeLabels, nodeName } from "../../network/names.ts";
import { type BaseNetwork, portNames } from "../../network/schema.ts";
import { containerPorts } from "../ports.ts";
import { restrictedContainer, restrictedPod } from "../security.ts";
import { preflight } from "./preflight.ts";
import { homeMounts, volumes } from "./volumes.ts";

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
  command: ["/bin/sh", "-c"],
  args: [preflight(network, index)],
  env: [{ name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  securityContext: restrictedContainer,
  volumeMounts: homeMounts(network),
});

const nodeContainer = (network: BaseNetwork, index: number): Container => ({
  name: imageName(network),
  image: imageName(network),
  // The node itself is PID 1, so that SIGTERM reaches it.
  command: ["mezod", "start"],
  args: ["--home", nodeHome, "--moniker", nodeName(network, index)],
  env: [
    { name: "HOME", value: "/tmp" },
    // The EVM's metrics have no switch in app.toml, only the flag --metrics. The variable does the same. A node that
    // does not know the variable still starts. One that does not know the flag would not.
    { name: "MEZOD_METRICS", value: "true" },
  ],
  ports: containerPorts(network, portNames),
  startupProbe,
  livenessProbe,
  readinessProbe: caughtUp(network),
  securityContext: restrictedContainer,
  volumeMounts: [...homeMounts(network), { name: "tmp", mountPath: "/tmp" }],
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

/**
 * Ready means caught up. A node that lags also answers `/status` with 200, so the probe reads the answer. Height 0
 * counts as ready, because at genesis every node reports that it is catching up until a quorum runs. The probe must
 * succeed twice in a row, because a node with an empty volume passes through height 0 on its way to the chain's height.
 */
function caughtUp({ ports }: BaseNetwork): Probe {
  const script = `status=$(mezod status --home ${nodeHome} --node tcp://127.0.0.1:${ports.rpc} --output json 2>&1) || exit 1
case $status in
*'"catching_up":false'*) exit 0 ;;
*'"latest_block_height":"0"'*) exit 0 ;;
esac
exit 1
`;
  return {
    exec: { command: ["/bin/sh", "-c", script] },
    periodSeconds: 5,
    timeoutSeconds: 10,
    successThreshold: 2,
    failureThreshold: 3,
  };
}
