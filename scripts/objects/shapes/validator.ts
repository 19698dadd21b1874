import { signedHeightSubPath } from "generators/components/scripts/signed-height.ts";
import { signerAddress } from "generators/mezod/address.ts";
import { stillSeconds } from "generators/mezod/pace.ts";
import { internalName, nodeHome, nodeName, validatorLabels } from "generators/network/names.ts";
import { storageOf } from "generators/network/per-validator.ts";
import { portNames } from "generators/network/ports.ts";
import { inWave, validatorWave } from "generators/network/rollout.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { hasOwnSidecar } from "generators/network/sidecars.ts";
import { inMaintenance, isPaused, sample } from "generators/network/validators.ts";
import { listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { asleep } from "./maintenance.ts";
import { told } from "./node-environment.ts";
import { ownSidecar, ownSidecarVolumes } from "./own-sidecar.ts";
import {
  checksums,
  checksumsBeside,
  clientResources,
  goLimit,
  imageOfValidator,
  resources,
  restrictedContainer,
  restrictedPod,
  scrapedBy,
  script,
} from "./pod.ts";
import { scheduling } from "./scheduling.ts";
import { liveness, nextRelease, nodeCommand } from "./upgrade.ts";
import { dataName, mounts, volumes } from "./validator-volumes.ts";

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
      template: {
        metadata: {
          labels,
          annotations: annotations(network, [
            "keystore",
            ...(hasOwnSidecar(network, validator.index) ? ["ethereum-node"] : []),
          ]),
        },
        spec: pod(network, validator),
      },
      volumeClaimTemplates: [claim(network, storageOf(network, validator.index))],
    },
  };
}

/** What the pod is rolled by, and how a Prometheus that reads annotations finds CometBFT's metrics. */
function annotations(network: Network, rolledBy: readonly string[]): Shape {
  const scraped = scrapedBy(network);
  return scraped ? checksumsBeside(scraped, ...rolledBy) : checksums(...rolledBy);
}

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
  ...(inMaintenance(network, validator.index)
    ? { containers: [asleep(node(network, validator)), ...ownSidecar(network, validator)] }
    : {
        initContainers: [preflight(network, validator)],
        containers: [node(network, validator), ...ownSidecar(network, validator)],
      }),
  volumes: listed("name", [...volumes(network, validator), ...ownSidecarVolumes(network, validator)]),
});

/** What both containers are told of the chain, and of the other validators. */
const chain = (network: Network, { index }: Validator) => [
  { name: "CHAIN_ID", value: network.chain.id },
  { name: "STILL_SECONDS", value: String(stillSeconds(network)) },
  {
    name: "VALIDATORS",
    // Those that must not run, too: what they run concerns none of the others.
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
    image: imageOfValidator(network, index),
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
function node(network: Network, validator: Validator) {
  const { cpu, memory } = network.resources;
  const home = `${nodeHome}/data/${signedHeightSubPath}`;
  return {
    name: `${network.app}-node`,
    image: imageOfValidator(network, validator.index),
    command: nodeCommand(network),
    args: ["--home", nodeHome, "--moniker", nodeName(network, validator.index), "--metrics"],
    env: listed("name", [
      ...chain(network, validator),
      { name: "GOMEMLIMIT", value: goLimit(memory) },
      ...nextRelease(network).environment,
      ...told(network, validator),
    ]),
    ports: listed(
      "name",
      portNames.map((name) => ({ name, containerPort: network.ports[name] })),
    ),
    lifecycle: { preStop: { sleep: { seconds: drain } } },
    startupProbe: health(2, 1800),
    livenessProbe: liveness(network, health(15, 8)),
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

const health = (periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path: "/health", port: "rpc" },
  periodSeconds,
  timeoutSeconds: 5,
  failureThreshold,
});
