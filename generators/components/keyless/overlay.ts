import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { firstOrdinal, type KeylessSet, keylessDataName, keylessLabels, keylessName } from "../../network/keyless.ts";
import { inWave, lastWave } from "../../network/rollout.ts";
import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { kustomization } from "../kustomization.ts";
import { scrapeAnnotations } from "../monitoring/annotations.ts";
import { keylessPod } from "./pod.ts";
import { keylessPolicies } from "./policies.ts";
import { keylessServices } from "./services.ts";

/**
 * overlays/<network>/rpc-node and seed: nodes without keys, all of a kind as one StatefulSet. They are no validators: no
 * gate asks them, no budget of validators counts them, and the chain goes on whatever becomes of them.
 */
export function keylessOverlay(network: Network, set: KeylessSet): Files {
  const objects: Files = {
    ...keylessPolicies(network, set.kind),
    "poddisruptionbudget.yaml": budget(network, set),
    ...keylessServices(network, set),
    "statefulset.yaml": statefulSet(network, set),
  };
  return { "kustomization.yaml": kustomization({ resources: Object.keys(objects) }), ...objects };
}

/**
 * After every validator, because how soon such a node is with the chain depends on what the public asks and on how far it
 * has to catch up: it must never hold a validator's rollout. A push that breaks nodes has been stopped by a gate by then, at
 * the first validator. Kubernetes replaces one pod after the other, and waits until each is ready.
 */
function statefulSet(network: Network, set: KeylessSet): StatefulSet {
  const { kind, replicas } = set;
  const labels = keylessLabels(network, kind);
  const name = keylessName(network, kind);
  const start = firstOrdinal(kind);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels, annotations: inWave(lastWave(network)) },
    spec: {
      replicas,
      ...(start > 0 && { ordinals: { start } }),
      serviceName: name,
      selector: { matchLabels: labels },
      // All start at once, and a pod that never became ready takes a corrected template.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: {
        metadata: { labels, ...scrapeAnnotations(network)?.metadata },
        spec: keylessPod(network, set),
      },
      volumeClaimTemplates: [claim(network, set)],
    },
  };
}

/** The claim of each pod's volume. A copy of a validator's volume has no key: keys are in no volume. */
const claim = (network: Network, { kind, storage }: KeylessSet): PersistentVolumeClaim => ({
  // The API server fills in apiVersion and kind. Without them here Argo CD would see a difference for ever.
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: keylessDataName(network, kind) },
  spec: {
    accessModes: [storage.accessMode],
    resources: { requests: { storage: storage.size } },
    ...(storage.className && { storageClassName: storage.className }),
    ...dataSource(storage),
  },
});

function dataSource({ from }: KeylessSet["storage"]): Pick<NonNullable<PersistentVolumeClaim["spec"]>, "dataSource"> {
  if (!from) return {};
  return "snapshot" in from
    ? { dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: from.snapshot } }
    : { dataSource: { kind: "PersistentVolumeClaim", name: from.claim } };
}

/** A drain takes one at a time. */
const budget = (network: Network, { kind }: KeylessSet): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: keylessName(network, kind) },
  spec: {
    maxUnavailable: 1,
    // One that is not ready is down already, and must not keep its machine from being drained.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: keylessLabels(network, kind) },
  },
});
