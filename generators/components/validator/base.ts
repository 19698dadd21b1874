import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { internalName, nodeName, validatorLabels } from "../../network/names.ts";
import type { BaseNetwork } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { kustomization } from "../kustomization.ts";
import { servicePorts } from "../ports.ts";
import { validatorPod } from "./pod.ts";
import { dataClaim } from "./volumes.ts";

// Deleting the Application must not stop the chain, and a validator that leaves git goes only when a person confirms it.
const keptOnDeletion = { "argocd.argoproj.io/sync-options": "Delete=false,Prune=confirm" };

/** base/<name>: a validator that runs on any Kubernetes. */
export const validatorBase = (network: BaseNetwork, index: number): Files => ({
  "kustomization.yaml": kustomization({ resources: ["service.yaml", "service-internal.yaml", "statefulset.yaml"] }),
  "service.yaml": service(network, index),
  "service-internal.yaml": internalService(network, index),
  "statefulset.yaml": statefulSet(network, index),
});

function service(network: BaseNetwork, index: number): Service {
  const labels = validatorLabels(network, index);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: nodeName(network, index), labels, annotations: keptOnDeletion },
    spec: {
      selector: labels,
      // Peers must reach a node that is still catching up, because that is how it catches up.
      publishNotReadyAddresses: true,
      ports: servicePorts(network, ["p2p"]),
    },
  };
}

/** Where the network's own pods ask the validator for its height and for blocks. */
function internalService(network: BaseNetwork, index: number): Service {
  const labels = validatorLabels(network, index);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: internalName(network, index), labels },
    spec: { selector: labels, publishNotReadyAddresses: true, ports: servicePorts(network, ["rpc"]) },
  };
}

function statefulSet(network: BaseNetwork, index: number): StatefulSet {
  const name = nodeName(network, index);
  const labels = validatorLabels(network, index);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels, annotations: keptOnDeletion },
    spec: {
      // Never more than one: two pods with one key sign twice.
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      podManagementPolicy: "Parallel",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: { metadata: { labels }, spec: validatorPod(network, index) },
      volumeClaimTemplates: [dataClaim(network, { size: "100Gi", accessMode: "ReadWriteOnce" })],
    },
  };
}
