import { hasOwnFiles } from "../mezod/node-files.ts";
import { keylessConfigName, keylessScriptsName, keylessSets, validatorsServe } from "../network/keyless.ts";
import {
  genesisConfigName,
  imageName,
  nodeConfigName,
  nodeLabels,
  nodeName,
  ownConfigName,
  rpcName,
  scriptsName,
  sharedName,
  sidecarName,
  tomlFiles,
} from "../network/names.ts";
import { peerPort } from "../network/peers.ts";
import { imageOf } from "../network/release.ts";
import { isGated } from "../network/rollout.ts";
import type { Network } from "../network/schema.ts";
import { hasSharedSidecar, withConnect } from "../network/sidecars.ts";
import { snapshotScriptsName } from "../network/snapshots.ts";
import { down } from "../network/validators.ts";
import type { Files } from "../tree.ts";
import { kustomization, replacedImage } from "./kustomization.ts";
import { hasMonitoringObjects } from "./monitoring/overlay.ts";
import { namespace, ownsNamespace } from "./namespace.ts";
import { clientsPolicy, exposePolicy, metricsPolicy, peersPolicy } from "./network-policies.ts";
import { priorityClass } from "./priority.ts";
import { scriptFiles } from "./scripts/files.ts";
import { keylessScripts } from "./scripts/keyless.ts";
import { ownDisruptionBudget } from "./shared.ts";
import { clusterScopedFile, snapshotsScript } from "./snapshots.ts";
import { maintenancePatch } from "./validator/maintenance.ts";
import { commonStatefulSet } from "./validator/overlay.ts";

/**
 * overlays/<network>: the kustomization of the whole network, the patch for all validators alike, and the objects that
 * belong to no component.
 *
 * @param isSealed whether the network has sealed keystores.
 */
export function overlayRoot(network: Network, isSealed: boolean): Files {
  const objects = ownObjects(network);
  const scripts = Object.keys(scriptFiles(network));
  return {
    "kustomization.yaml": kustomization({
      namespace: network.namespace,
      resources: [
        `../../base/${sharedName(network)}`,
        ...Object.keys(objects),
        ...(hasSharedSidecar(network) ? [sidecarName] : []),
        ...(withConnect(network).length > 0 ? ["connect"] : []),
        rpcName(network),
        ...network.validators.map(({ index }) => nodeName(network, index)),
        ...keylessSets(network).map(({ kind }) => kind),
        ...(isGated(network) ? ["gates"] : []),
        ...(hasMonitoringObjects(network) ? ["monitoring"] : []),
        ...(network.snapshots ? ["snapshots"] : []),
        ...(isSealed ? ["keystores"] : []),
      ],
      patches: [
        { path: "statefulset.yaml", target: { kind: "StatefulSet", labelSelector: nodeSelector(network) } },
        ...maintenancePatches(network),
        ...(down(network).length > 0 ? [{ path: "poddisruptionbudget.yaml" }] : []),
      ],
      images: [replacedImage(imageName(network), imageOf(network))],
      configMapGenerator: [
        { name: nodeConfigName(network), files: tomlFiles.map((file) => `config/${file}`) },
        ...ownConfigs(network),
        { name: genesisConfigName(network), files: ["config/genesis.json"] },
        { name: scriptsName(network), files: scripts.map((file) => `scripts/${file}`) },
        ...keylessConfigs(network),
        ...(network.snapshots ? [{ name: snapshotScriptsName(network), files: [`snapshots/${snapshotsScript}`] }] : []),
      ],
      ...(network.snapshots && { transformers: [`snapshots/${clusterScopedFile}`] }),
    }),
    "statefulset.yaml": commonStatefulSet(network),
    ...(network.maintenance.length > 0 && { "maintenance.yaml": maintenancePatch(network) }),
    ...(down(network).length > 0 && { "poddisruptionbudget.yaml": ownDisruptionBudget(network) }),
    ...objects,
  };
}

/** After the patch for all validators, of which it takes back a part. */
function maintenancePatches(network: Network) {
  const indexes = network.maintenance.map(({ validator }) => validator);
  if (indexes.length === 0) return [];
  const labelSelector = `${nodeSelector(network)},id in (${indexes.join(",")})`;
  return [{ path: "maintenance.yaml", target: { kind: "StatefulSet", labelSelector } }];
}

function ownObjects(network: Network): Files {
  const { clients, expose, monitoring, peers, ports } = network;
  const more = expose.filter((name) => name !== "p2p");
  const peerPorts = new Set(peers.map(({ address }) => peerPort(address)).filter((port) => port !== ports.p2p));
  return {
    ...(ownsNamespace(network) && { "namespace.yaml": namespace(network) }),
    "priorityclass.yaml": priorityClass(network),
    ...(more.length > 0 && { "networkpolicy-exposed.yaml": exposePolicy(network, more) }),
    ...(clients.length > 0 && validatorsServe(network) && { "networkpolicy-clients.yaml": clientsPolicy(network) }),
    ...(peerPorts.size > 0 && { "networkpolicy-peers.yaml": peersPolicy(network, [...peerPorts]) }),
    ...(monitoring && { "networkpolicy-metrics.yaml": metricsPolicy(network, monitoring) }),
  };
}

/** A ConfigMap for each validator whose files are not those of the others. */
const ownConfigs = (network: Network) =>
  network.validators
    .filter(({ index }) => hasOwnFiles(network, index))
    .map(({ index }) => ({
      name: ownConfigName(network, index),
      files: tomlFiles.map((file) => `${nodeName(network, index)}/config/${file}`),
    }));

/** The ConfigMaps of nodes without keys: their files, kind by kind, and their scripts. */
function keylessConfigs(network: Network) {
  const scripts = Object.keys(keylessScripts(network)).map((file) => `keyless-scripts/${file}`);
  return [
    ...keylessSets(network).map(({ kind }) => ({
      name: keylessConfigName(network, kind),
      files: tomlFiles.map((file) => `${kind}/config/${file}`),
    })),
    ...(scripts.length > 0 ? [{ name: keylessScriptsName(network), files: scripts }] : []),
  ];
}

const nodeSelector = (network: Network) =>
  Object.entries(nodeLabels(network))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
