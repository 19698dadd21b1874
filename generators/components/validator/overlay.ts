import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { signerAddress } from "../../mezod/address.ts";
import { stillSeconds } from "../../mezod/pace.ts";
import { imageName, internalName, keyringFiles, keystoreName, nodeName } from "../../network/names.ts";
import { quantityValue } from "../../network/quantity.ts";
import { inWave, validatorWave } from "../../network/rollout.ts";
import type { Network, Validator } from "../../network/schema.ts";
import { type Checksums, rolledBy } from "../../network/seal-lock.ts";
import { isPaused, sample } from "../../network/validators.ts";
import type { Files } from "../../tree.ts";
import { kustomization, type Patch, replacedImage } from "../kustomization.ts";
import { servicePorts } from "../ports.ts";
import { gracePeriodSeconds, spreadOver } from "./pod.ts";
import { asItems, dataClaim } from "./volumes.ts";

// The time in which Services and load balancers learn that a pod is leaving, while its node still answers.
const drainSeconds = 10;

/** overlays/<network>/<name>: what is true of this validator on this network alone. */
export function validatorOverlay(network: Network, validator: Validator, checksums: Checksums): Files {
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

/** overlays/<network>/statefulset.yaml: the patch for all validators of a network alike. */
export function commonStatefulSet(network: Network): Patch<StatefulSet> {
  const { lifecycle, resources, spread, storage } = network;
  const drains = canDrain(network);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "all" },
    spec: {
      // With Parallel a pod that never became ready takes a corrected template. The field is immutable, so an adopted
      // network keeps what it has.
      podManagementPolicy: lifecycle === "adopted" ? "OrderedReady" : "Parallel",
      template: {
        spec: {
          ...(drains && { terminationGracePeriodSeconds: gracePeriodSeconds + drainSeconds }),
          containers: [
            {
              name: imageName(network),
              ...(drains && { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } }),
              env: [{ name: "GOMEMLIMIT", value: goMemoryLimit(resources.memoryLimit) }, ...chainEnvironment(network)],
              resources: {
                requests: { cpu: resources.cpu, memory: resources.memory },
                limits: { memory: resources.memoryLimit },
              },
            },
          ],
          initContainers: [{ name: "preflight", env: chainEnvironment(network) }],
          topologySpreadConstraints: [
            spreadOver(network, "kubernetes.io/hostname", spread === "required" ? "DoNotSchedule" : "ScheduleAnyway"),
          ],
        },
      },
      volumeClaimTemplates: [dataClaim(network, storage)],
    },
  };
}

/** Whether Kubernetes can let a pod wait before it stops, as it can since 1.30. The image has no program that waits. */
const canDrain = ({ gke }: Network) => gke === undefined || Number(gke.version.split(".")[1]) >= 30;

/** Go's soft limit, 90% of the container's limit: the collector works harder before the kernel kills the process. */
const goMemoryLimit = (memoryLimit: string) => `${Math.floor((quantityValue(memoryLimit) * 0.9) / 2 ** 20)}MiB`;

function ownStatefulSet(network: Network, validator: Validator, checksums: Checksums): Patch<StatefulSet> {
  const { index } = validator;
  const others = othersOf(network, validator);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: nodeName(network, index), annotations: inWave(validatorWave(network, index)) },
    spec: {
      ...(isPaused(network, index) && { replicas: 0 }),
      template: {
        ...rolledBy(checksums, keystoreName(network, index)),
        spec: {
          initContainers: [{ name: "preflight", env: [others, ...signerEnvironment(network, validator)] }],
          containers: [
            {
              name: imageName(network),
              env: [others, ...(network.gke ? [externalAddress(network, validator)] : [])],
            },
          ],
          volumes: [{ name: "keyring", secret: { items: asItems(keyringFiles(network, validator)) } }],
        },
      },
    },
  };
}

/** What the scripts in the pods must know of the chain. */
const chainEnvironment = (network: Network) => [
  { name: "CHAIN_ID", value: network.chain.id },
  { name: "STILL_SECONDS", value: String(stillSeconds(network)) },
];

/** Other validators, which the scripts ask for the chain's height. */
const othersOf = (network: Network, { index }: Validator) => ({
  name: "VALIDATORS",
  // Paused ones too: to pause one restarts none of the others.
  value: sample(network.validators.filter((other) => other.index !== index))
    .map((other) => internalName(network, other.index))
    .join(" "),
});

function signerEnvironment(network: Network, validator: Validator) {
  const { bootstrap, lifecycle } = network;
  const mode = bootstrap.includes(validator.index) ? "yes" : lifecycle === "new" ? "genesis" : "no";
  return [
    { name: "SIGNER", value: signerAddress(validator.consensusPubKey) },
    { name: "BOOTSTRAP", value: mode },
  ];
}

// mezod reads any key of config.toml from the environment, so that one file serves all validators.
const externalAddress = ({ ports }: Network, { host }: Validator) => ({
  name: "MEZOD_P2P_EXTERNAL_ADDRESS",
  value: `${host}:${ports.p2p}`,
});

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
