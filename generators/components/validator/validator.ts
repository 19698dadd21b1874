import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Container, PersistentVolumeClaim, Probe, Service, Volume } from "kubernetes-types/core/v1.js";
import {
  genesisConfigName,
  identityFiles,
  imageName,
  keyringBaseFiles,
  keyringFiles,
  keystoreName,
  nodeConfigName,
  nodeHome,
  nodeLabels,
  nodeName,
  portList,
  tomlFiles,
  validatorLabels,
} from "../../network/names.ts";
import { quantityValue } from "../../network/quantity.ts";
import { inWave, validatorWave } from "../../network/rollout.ts";
import { type Network, portNames, type Validator } from "../../network/schema.ts";
import { type Checksums, rolledBy } from "../../network/seal-lock.ts";
import type { Files } from "../../tree.ts";
import { kustomization, type Patch, replacedImage } from "../kustomization.ts";
import { restrictedContainer, restrictedPod } from "../security.ts";
import { perNetwork, shared } from "../shared-parts.ts";
import { preflight } from "./preflight.ts";

/** What base/ may know of a network: nothing that differs between two places where it runs. */
export type BaseNetwork = Pick<Network, "app" | "ports">;

// Deleting the Application must not stop the chain.
const keptOnDeletion = { "argocd.argoproj.io/sync-options": "Delete=false" };

// Time for the node to close its LevelDB: shorter ones have corrupted it.
const gracePeriodSeconds = 120;

// Time for Services and load balancers to hear that a pod goes, while its node still answers.
const drainSeconds = 10;

/** base/<name>: a validator that would run on any Kubernetes. */
export const validatorBase = (network: BaseNetwork, index: number): Files => ({
  "kustomization.yaml": kustomization({ resources: ["service.yaml", "statefulset.yaml"] }),
  "service.yaml": service(network, index),
  "statefulset.yaml": statefulSet(network, index),
});

/** overlays/<network>/<name>: what is true of this validator on this network alone. */
export function validatorOverlay(network: Network, validator: Validator, checksums: Checksums = new Map()): Files {
  const name = nodeName(network, validator.index);
  const servicePatch = publicService(network, validator);
  const patches = [...(servicePatch ? ["service.yaml"] : []), "statefulset.yaml"];
  const { stagedUpgrade, image } = network;
  const isStaged = stagedUpgrade?.validators.includes(validator.index);
  return {
    "kustomization.yaml": kustomization({
      resources: [`../../../base/${name}`],
      patches: patches.map((path) => ({ path })),
      ...(isStaged && {
        images: [replacedImage(imageName(network), { ...stagedUpgrade, repository: image.repository })],
      }),
    }),
    ...(servicePatch && { "service.yaml": servicePatch }),
    "statefulset.yaml": ownStatefulSet(network, validator, checksums),
  };
}

/** The patch that holds for all validators of a network alike. */
export function commonStatefulSet(network: Network): Patch<StatefulSet> {
  const { lifecycle, resources, spread } = network;
  const drains = canDrain(network);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "all" },
    spec: {
      // Parallel lets a pod that never got ready take a fixed template; the field is immutable, so an adopted network
      // keeps what it has.
      podManagementPolicy: lifecycle === "adopted" ? "OrderedReady" : "Parallel",
      template: {
        spec: {
          ...(drains && { terminationGracePeriodSeconds: gracePeriodSeconds + drainSeconds }),
          containers: [
            {
              name: imageName(network),
              ...(drains && { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } }),
              env: [{ name: "GOMEMLIMIT", value: goMemoryLimit(resources.memoryLimit) }],
              resources: {
                requests: { cpu: resources.cpu, memory: resources.memory },
                limits: { memory: resources.memoryLimit },
              },
            },
          ],
          topologySpreadConstraints: [
            spreadOver(network, "kubernetes.io/hostname", spread === "required" ? "DoNotSchedule" : "ScheduleAnyway"),
          ],
        },
      },
      volumeClaimTemplates: [dataClaim(network, network.storage)],
    },
  };
}

// The image has no program that waits, so kubelet must, which it does since 1.30.
const canDrain = ({ gke }: Network) => gke === undefined || Number(gke.version.split(".")[1]) >= 30;

function service(network: BaseNetwork, index: number): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: nodeName(network, index), labels: validatorLabels(network, index), annotations: keptOnDeletion },
    spec: {
      selector: validatorLabels(network, index),
      // Peers must reach a node that is still catching up: that is how it catches up.
      publishNotReadyAddresses: true,
      ports: peerPort(network),
    },
  };
}

function publicService(network: Network, { index }: Validator): Patch<Service> | undefined {
  const { gke, expose } = network;
  const more = expose.filter((name) => name !== "p2p");
  if (!gke && more.length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: nodeName(network, index),
      ...(gke && {
        annotations: {
          "cloud.google.com/l4-rbs": "enabled",
          "networking.gke.io/load-balancer-ip-addresses": gke.nodeAddress.replace("{index}", String(index)),
        },
      }),
    },
    spec: {
      ...(gke && { type: "LoadBalancer" }),
      ...(more.length > 0 && { ports: servicePorts(network, more) }),
    },
  };
}

const peerPort = perNetwork((network: BaseNetwork) => servicePorts(network, ["p2p"]));

const servicePorts = (network: BaseNetwork, names: Parameters<typeof portList>[1]) =>
  portList(network, names).map(({ name, port }) => ({ name, port, targetPort: name }));

function statefulSet(network: BaseNetwork, index: number): StatefulSet {
  const name = nodeName(network, index);
  const labels = validatorLabels(network, index);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels, annotations: keptOnDeletion },
    spec: {
      // Two pods with one key sign twice. Never more than one.
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      podManagementPolicy: "Parallel",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: {
        metadata: { labels },
        spec: {
          ...restrictedPod,
          terminationGracePeriodSeconds: gracePeriodSeconds,
          // Five validators in three zones leave two in one: never a reason not to start.
          topologySpreadConstraints: overZones(network),
          initContainers: [preflightContainer(network, index)],
          containers: [nodeContainer(network, index)],
          volumes: volumes(network, index),
        },
      },
      volumeClaimTemplates: baseClaims(network),
    },
  };
}

const overZones = perNetwork((network: BaseNetwork) => [
  spreadOver(network, "topology.kubernetes.io/zone", "ScheduleAnyway"),
]);

const baseClaims = perNetwork((network: BaseNetwork) => [
  dataClaim(network, { size: "100Gi", accessMode: "ReadWriteOnce" }),
]);

const preflightResources = shared({ requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } });

const preflightEnv = shared([
  { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
]);

const preflightContainer = (network: BaseNetwork, index: number): Container => ({
  name: "preflight",
  image: imageName(network),
  command: ["/bin/sh", "-c"],
  args: [preflight(network, index)],
  env: preflightEnv,
  resources: preflightResources,
  securityContext: restrictedContainer,
  volumeMounts: nodeMounts(network),
});

const nodeContainer = (network: BaseNetwork, index: number): Container => ({
  name: imageName(network),
  image: imageName(network),
  // The node itself is PID 1, so that SIGTERM reaches it.
  command: ["mezod", "start"],
  args: ["--home", nodeHome, "--moniker", nodeName(network, index)],
  env: nodeEnv,
  ports: nodePorts(network),
  startupProbe,
  livenessProbe,
  readinessProbe: caughtUp(network),
  securityContext: restrictedContainer,
  volumeMounts: nodeMountsAndTmp(network),
});

const nodeEnv = shared([
  { name: "HOME", value: "/tmp" },
  // The EVM's metrics have no switch in app.toml, only --metrics. A variable does the same, and a node that does not
  // know it starts all the same, where an unknown flag would stop it.
  { name: "MEZOD_METRICS", value: "true" },
]);

const nodePorts = perNetwork((network: BaseNetwork) =>
  portList(network, portNames).map(({ name, port }) => ({ name, containerPort: port })),
);

const startupProbe = shared<Probe>({
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 2,
  timeoutSeconds: 5,
  // An hour: after a crash the node replays blocks before it listens.
  failureThreshold: 1800,
});

const livenessProbe = shared<Probe>({
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds: 15,
  timeoutSeconds: 5,
  // Two minutes of silence. A restart costs the chain more than a slow answer.
  failureThreshold: 8,
});

/**
 * Ready means caught up: `/status` answers 200 from a node that still lags, so the answer's content decides. Height 0
 * counts as ready, because at genesis every node reports that it is catching up until a quorum of them runs. Twice in a
 * row, because a node with an empty volume passes through height 0 on its way to the chain's.
 */
const caughtUp = perNetwork(({ ports }: BaseNetwork): Probe => {
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
});

const nodeMounts = perNetwork((network: BaseNetwork) => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
  { name: dataName(network), mountPath: `${nodeHome}/data` },
]);

const nodeMountsAndTmp = perNetwork((network: BaseNetwork) => [
  ...nodeMounts(network),
  { name: "tmp", mountPath: "/tmp" },
]);

// Every file is listed by name: the kubelet does not start a pod while one of them is missing.
function volumes(network: BaseNetwork, index: number): Volume[] {
  const keystore = keystoreName(network, index);
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: nodeConfigName(network), items: tomlItems } },
          { configMap: { name: genesisConfigName(network), items: genesisItems } },
          { secret: { name: keystore, items: identityItems } },
        ],
      },
    },
    {
      name: "keyring",
      secret: { secretName: keystore, defaultMode: 0o440, items: asItems(keyringBaseFiles(network, index)) },
    },
    { name: "tmp", emptyDir: {} },
  ];
}

const asItems = (files: string[]) => files.map((file) => ({ key: file, path: file }));
const tomlItems = shared(asItems(tomlFiles));
const genesisItems = shared(asItems(["genesis.json"]));
const identityItems = shared(asItems(identityFiles));

function ownStatefulSet(network: Network, validator: Validator, checksums: Checksums): Patch<StatefulSet> {
  const { index } = validator;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: nodeName(network, index), annotations: inWave(validatorWave(network, index)) },
    spec: {
      template: {
        ...rolledBy(checksums, keystoreName(network, index)),
        spec: {
          containers: [
            { name: imageName(network), ...(network.gke && { env: [externalAddress(network, validator)] }) },
          ],
          volumes: [{ name: "keyring", secret: { items: asItems(keyringFiles(network, validator)) } }],
        },
      },
    },
  };
}

// mezod reads any key of config.toml from the environment, so one file serves all validators.
const externalAddress = ({ ports }: Network, { host }: Validator) => ({
  name: "MEZOD_P2P_EXTERNAL_ADDRESS",
  value: `${host}:${ports.p2p}`,
});

const spreadOver = (network: BaseNetwork, topologyKey: string, whenUnsatisfiable: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable,
  labelSelector: { matchLabels: nodeLabels(network) },
});

const dataName = ({ app }: Pick<Network, "app">) => `${app}-node-data`;

// apiVersion and kind are what the API server fills in; without them Argo CD sees drift for ever.
const dataClaim = (
  network: Pick<Network, "app">,
  { size, className, accessMode }: Network["storage"],
): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: dataName(network) },
  spec: {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(className && { storageClassName: className }),
  },
});

/** Go's soft limit, 90% of the container's: the collector works harder before the kernel kills. */
const goMemoryLimit = (memoryLimit: string) => `${Math.floor((quantityValue(memoryLimit) * 0.9) / 2 ** 20)}MiB`;
