import { signedHeightFolder, signedHeightSubPath } from "generators/components/scripts/signed-height.ts";
import { signerAddress } from "generators/mezod/address.ts";
import { hasOwnFiles } from "generators/mezod/node-files.ts";
import { stillSeconds } from "generators/mezod/pace.ts";
import {
  genesisConfigName,
  identityFiles,
  internalName,
  keyringFiles,
  keystoreName,
  nodeConfigName,
  nodeHome,
  nodeName,
  ownConfigName,
  tomlFiles,
  validatorLabels,
} from "generators/network/names.ts";
import { storageOf } from "generators/network/per-validator.ts";
import { portNames } from "generators/network/ports.ts";
import { quantityValue } from "generators/network/quantity.ts";
import { inWave, validatorWave } from "generators/network/rollout.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { isPaused, sample } from "generators/network/validators.ts";
import { hashed, listed, optional, type Shape, text } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { told } from "./node-environment.ts";
import {
  clientResources,
  imageOf,
  resources,
  restrictedContainer,
  restrictedPod,
  script,
  scripts,
  tmp,
} from "./pod.ts";
import { scheduling } from "./scheduling.ts";

// A node closes its database within this time, in seconds; before it the pod waits until no load balancer sends it anything
// more.
const gracePeriod = 120;
const drain = 10;

/** The StatefulSet of each validator. */
export const validators = (network: Network): Expected[] =>
  network.validators.map((validator) => ({
    kind: "StatefulSet",
    name: nodeName(network, validator.index),
    shape: statefulSet(network, validator),
  }));

/** What only a sealed network has, and what changes with the sealed content. */
export const checksum = optional({
  "checksum/keystore": text(/^[0-9a-f]{64}$/, "a SHA-256 in hex"),
});

function statefulSet(network: Network, validator: Validator): Shape {
  const name = nodeName(network, validator.index);
  const labels = validatorLabels(network, validator.index);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name,
      namespace: network.namespace,
      labels,
      annotations: {
        "argocd.argoproj.io/sync-options": "Delete=false,Prune=confirm",
        ...inWave(validatorWave(network, validator.index)),
      },
    },
    spec: {
      // Two pods with one key sign twice.
      replicas: isPaused(network, validator.index) ? 0 : 1,
      serviceName: name,
      selector: { matchLabels: labels },
      podManagementPolicy: network.lifecycle === "adopted" ? "OrderedReady" : "Parallel",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: { metadata: { labels, annotations: checksum }, spec: pod(network, validator) },
      volumeClaimTemplates: [claim(network, storageOf(network, validator.index))],
    },
  };
}

const dataName = ({ app }: Network) => `${app}-node-data`;

const claim = (network: Network, { size, className, accessMode }: Network["storage"]): Shape => ({
  // The API server fills in both, and without them Argo CD sees a difference for ever.
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: dataName(network) },
  spec: {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(className && { storageClassName: className }),
  },
});

const pod = (network: Network, validator: Validator): Shape => ({
  ...restrictedPod,
  terminationGracePeriodSeconds: gracePeriod + drain,
  ...scheduling(network),
  initContainers: [preflight(network, validator)],
  containers: [node(network, validator)],
  volumes: listed("name", volumes(network, validator)),
});

/** Nine tenths of the memory: Go's collector works harder before the kernel kills the node. */
const goLimit = (memory: string) => `${Math.floor((quantityValue(memory) * 9) / 10 / 2 ** 20)}MiB`;

const mounts = (network: Network) => [
  { name: "config", mountPath: `${nodeHome}/config`, readOnly: true },
  { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
  { name: dataName(network), mountPath: `${nodeHome}/data` },
  { name: dataName(network), mountPath: signedHeightFolder, subPath: signedHeightSubPath },
  scripts(network).mount,
  tmp.mount,
];

/** What both containers are told of the chain, and of the other validators. */
const chain = (network: Network, { index }: Validator) => [
  { name: "CHAIN_ID", value: network.chain.id },
  { name: "STILL_SECONDS", value: String(stillSeconds(network)) },
  {
    name: "VALIDATORS",
    // Paused ones too: to pause one restarts none of the others.
    value: sample(network.validators.filter((other) => other.index !== index))
      .map((other) => internalName(network, other.index))
      .join(" "),
  },
  { name: "HOME", value: "/tmp" },
];

/** It ends before the node starts, and a node starts only if it ends well. */
function preflight(network: Network, validator: Validator): Shape {
  const { index, consensusPubKey } = validator;
  const bootstrap = network.bootstrap.includes(index) ? "yes" : network.lifecycle === "new" ? "genesis" : "no";
  return {
    name: "preflight",
    image: releaseOf(network, index),
    command: script("preflight.sh"),
    env: listed("name", [
      ...chain(network, validator),
      { name: "NODE", value: nodeName(network, index) },
      { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
      { name: "SIGNER", value: signerAddress(consensusPubKey) },
      { name: "BOOTSTRAP", value: bootstrap },
    ]),
    resources: clientResources,
    securityContext: restrictedContainer,
    volumeMounts: listed("mountPath", mounts(network)),
  };
}

/** The node itself is PID 1, so that SIGTERM reaches it. */
function node(network: Network, validator: Validator): Shape {
  const { cpu, memory } = network.resources;
  const home = `${nodeHome}/data/${signedHeightSubPath}`;
  return {
    name: `${network.app}-node`,
    image: releaseOf(network, validator.index),
    command: ["mezod", "start"],
    args: ["--home", nodeHome, "--moniker", nodeName(network, validator.index), "--metrics"],
    env: listed("name", [
      ...chain(network, validator),
      { name: "GOMEMLIMIT", value: goLimit(memory) },
      ...told(network, validator),
    ]),
    ports: listed(
      "name",
      portNames.map((name) => ({ name, containerPort: network.ports[name] })),
    ),
    lifecycle: { preStop: { sleep: { seconds: drain } } },
    startupProbe: health(2, 1800),
    livenessProbe: health(15, 8),
    readinessProbe: {
      exec: { command: script("readiness.sh") },
      periodSeconds: 5,
      timeoutSeconds: 15,
      successThreshold: 2,
      failureThreshold: 3,
    },
    resources: resources(cpu, memory, "1Gi"),
    securityContext: restrictedContainer,
    // An empty volume hides the folder that a reset of the data must not reach.
    volumeMounts: listed("mountPath", [...mounts(network), { name: "hidden", mountPath: home, readOnly: true }]),
  };
}

const health = (periodSeconds: number, failureThreshold: number): Shape => ({
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds,
  timeoutSeconds: 5,
  failureThreshold,
});

function volumes(network: Network, validator: Validator) {
  const keystore = keystoreName(network, validator.index);
  const settings = hasOwnFiles(network, validator.index)
    ? ownConfigName(network, validator.index)
    : nodeConfigName(network);
  const items = (files: readonly string[]) =>
    listed(
      "key",
      files.map((file) => ({ key: file, path: file })),
    );
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: hashed(settings), items: items(tomlFiles) } },
          { configMap: { name: hashed(genesisConfigName(network)), items: items(["genesis.json"]) } },
          { secret: { name: keystore, items: items(identityFiles) } },
        ],
      },
    },
    {
      name: "keyring",
      secret: { secretName: keystore, defaultMode: 0o440, items: items(keyringFiles(network, validator)) },
    },
    scripts(network).volume,
    tmp.volume,
    { name: "hidden", emptyDir: {} },
  ];
}

/** The image of a validator: that of a staged upgrade where it takes part in one. */
function releaseOf({ image, stagedUpgrade }: Network, index: number): string {
  const isStaged = stagedUpgrade?.validators.includes(index);
  return imageOf(isStaged ? { ...stagedUpgrade, repository: image.repository } : image);
}
