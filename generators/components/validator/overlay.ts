import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { signerAddress } from "../../mezod/address.ts";
import { hasOwnFiles } from "../../mezod/node-files.ts";
import { stillSeconds } from "../../mezod/pace.ts";
import { validatorsServe } from "../../network/keyless.ts";
import {
  connectName,
  imageName,
  internalName,
  keyringFiles,
  keystoreName,
  nodeLabels,
  nodeName,
  ownConfigName,
  serviceHost,
  sidecarSecret,
} from "../../network/names.ts";
import { stateSyncOf, storageOf } from "../../network/per-validator.ts";
import { quantityValue } from "../../network/quantity.ts";
import { inWave, validatorWave } from "../../network/rollout.ts";
import type { Network, PortName, Validator } from "../../network/schema.ts";
import { type Checksums, rolledBy } from "../../network/seal-lock.ts";
import { hasConnect, hasOwnSidecar } from "../../network/sidecars.ts";
import { isPaused, sample } from "../../network/validators.ts";
import type { Files } from "../../tree.ts";
import { kustomization, type Patch, replacedImage } from "../kustomization.ts";
import { scrapeAnnotations } from "../monitoring/annotations.ts";
import { ownEthereumPolicy, stateSyncPolicy } from "../network-policies.ts";
import { servicePorts } from "../ports.ts";
import { priorityClassName } from "../priority.ts";
import { resources as resourcesOf } from "../security.ts";
import { apart, spreadOver } from "./pod.ts";
import { sidecarContainer, sidecarVolumes } from "./sidecar.ts";
import { nextMounts, nextVolumes, ownCommand, ownProbe, planEnvironment } from "./upgrade.ts";
import { asItems, configVolume, dataClaim } from "./volumes.ts";

/** overlays/<network>/<name>: what is true of this validator on this network alone. */
export function validatorOverlay(network: Network, validator: Validator, checksums: Checksums): Files {
  const name = nodeName(network, validator.index);
  const patches: Files = {
    ...publicService(network, validator),
    ...internalService(network, validator),
    "statefulset.yaml": ownStatefulSet(network, validator, checksums),
  };
  const policies = ownPolicies(network, validator);
  const { stagedUpgrade, image } = network;
  const isStaged = stagedUpgrade?.validators.includes(validator.index);
  return {
    "kustomization.yaml": kustomization({
      resources: [`../../../base/${name}`, ...Object.keys(policies)],
      patches: Object.keys(patches).map((path) => ({ path })),
      ...(isStaged && {
        images: [replacedImage(imageName(network), { ...stagedUpgrade, repository: image.repository })],
      }),
    }),
    ...policies,
    ...patches,
  };
}

/** overlays/<network>/statefulset.yaml: the patch for all validators of a network alike. */
export function commonStatefulSet(network: Network): Patch<StatefulSet> {
  const { lifecycle, resources, spread } = network;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "all" },
    spec: {
      // With Parallel a pod that never became ready takes a corrected template. The field is immutable, so an adopted
      // network keeps what it has.
      podManagementPolicy: lifecycle === "adopted" ? "OrderedReady" : "Parallel",
      template: {
        ...scrapeAnnotations(network),
        spec: {
          containers: [
            {
              name: imageName(network),
              ...ownCommand(network),
              env: [
                { name: "GOMEMLIMIT", value: goMemoryLimit(resources.memory) },
                ...chainEnvironment(network),
                ...planEnvironment(network),
              ],
              resources: resourcesOf(resources, "1Gi"),
              ...ownProbe(network),
              ...nextMounts(network),
            },
          ],
          initContainers: [{ name: "preflight", env: chainEnvironment(network), ...nextMounts(network) }],
          ...nextVolumes(network),
          // Taken from pods of less importance where a machine is full: the disk leads back to its zone alone.
          priorityClassName: priorityClassName(network),
          ...(spread === "required"
            ? { affinity: apart(nodeLabels(network)) }
            : { topologySpreadConstraints: [spreadOver("kubernetes.io/hostname", nodeLabels(network))] }),
        },
      },
    },
  };
}

/** Go's soft limit, 90% of the container's limit: the collector works harder before the kernel kills the process. */
export const goMemoryLimit = (memory: string) => `${Math.floor((quantityValue(memory) * 0.9) / 2 ** 20)}MiB`;

function ownStatefulSet(network: Network, validator: Validator, checksums: Checksums): Patch<StatefulSet> {
  const { index } = validator;
  const others = othersOf(network, validator);
  const hasSidecar = hasOwnSidecar(network, index);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: nodeName(network, index), annotations: inWave(validatorWave(network, index)) },
    spec: {
      ...(isPaused(network, index) && { replicas: 0 }),
      template: {
        ...rolledBy(checksums, {
          keystore: keystoreName(network, index),
          ...(hasSidecar && { "ethereum-node": sidecarSecret.name }),
        }),
        spec: {
          initContainers: [{ name: "preflight", env: [others, ...signerEnvironment(network, validator)] }],
          containers: [
            {
              name: imageName(network),
              env: [
                others,
                ...(network.gke ? [externalAddress(network, validator)] : []),
                ...stateSyncEnvironment(stateSyncOf(network, index)),
                ...connectEnvironment(network, validator),
              ],
            },
            ...(hasSidecar ? [sidecarContainer(network, index)] : []),
          ],
          volumes: [
            ...(hasOwnFiles(network, index) ? [configVolume(network, index, ownConfigName(network, index))] : []),
            { name: "keyring", secret: { items: asItems(keyringFiles(network, validator)) } },
            ...(hasSidecar ? sidecarVolumes(network, index) : []),
          ],
        },
      },
      volumeClaimTemplates: [dataClaim(network, storageOf(network, index))],
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
// A host that does not resolve when the node starts stops it; an address needs no DNS.
const externalAddress = ({ ports }: Network, { address, host }: Validator) => ({
  name: "MEZOD_P2P_EXTERNAL_ADDRESS",
  value: `${address ?? host}:${ports.p2p}`,
});

/** Whom a node may take the chain's state from. */
export function stateSyncEnvironment(stateSync: Network["stateSync"]) {
  if (!stateSync) return [];
  const { rpcServers, trustHeight, trustHash } = stateSync;
  return [
    { name: "MEZOD_STATESYNC_ENABLE", value: "true" },
    { name: "MEZOD_STATESYNC_RPC_SERVERS", value: rpcServers.join(",") },
    { name: "MEZOD_STATESYNC_TRUST_HEIGHT", value: String(trustHeight) },
    { name: "MEZOD_STATESYNC_TRUST_HASH", value: trustHash },
  ];
}

/** Where a validator finds its own Connect: the file that it reads is the same for all. */
const connectEnvironment = (network: Network, { index }: Validator) =>
  network.connectSidecar && hasConnect(network, index)
    ? [
        {
          name: "MEZOD_ORACLE_ORACLE_ADDRESS",
          value: `${serviceHost(network, connectName(network, index))}:${network.connectSidecar.port}`,
        },
      ]
    : [];

function ownPolicies(network: Network, { index }: Validator): Files {
  const stateSync = stateSyncOf(network, index);
  return {
    ...(stateSync && { "networkpolicy.yaml": stateSyncPolicy(network, index, stateSync.rpcServers) }),
    ...(hasOwnSidecar(network, index) && { "networkpolicy-ethereum.yaml": ownEthereumPolicy(network, index) }),
  };
}

/** The Service for the network's own pods, with the ports of its clients, and gRPC for the validator's Connect. */
function internalService(network: Network, { index }: Validator): Files {
  const clients = validatorsServe(network) ? network.clients : [];
  const asked = clients.flatMap(({ ports }) => ports).filter((name) => name !== "rpc");
  const more = new Set<PortName>([...asked, ...(hasConnect(network, index) ? ["grpc" as const] : [])]);
  if (more.size === 0) return {};
  const patch: Patch<Service> = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: internalName(network, index) },
    spec: { ports: servicePorts(network, [...more]) },
  };
  return { "service-internal.yaml": patch };
}

function publicService(network: Network, { index }: Validator): Files {
  const { gke, expose } = network;
  const more = expose.filter((name) => name !== "p2p");
  if (!gke && more.length === 0) return {};
  const patch: Patch<Service> = {
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
      // With "Cluster" every peer would come from the address of a machine, and a node keeps one peer an address.
      ...(gke && { type: "LoadBalancer", externalTrafficPolicy: "Local" }),
      ...(more.length > 0 && { ports: servicePorts(network, more) }),
    },
  };
  return { "service.yaml": patch };
}
