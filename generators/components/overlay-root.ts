import {
  genesisConfigName,
  imageName,
  nodeConfigName,
  nodeLabels,
  nodeName,
  rpcName,
  sharedName,
  sidecarName,
  tomlFiles,
} from "../network/names.ts";
import type { Network } from "../network/schema.ts";
import type { Files } from "../tree.ts";
import { kustomization, replacedImage } from "./kustomization.ts";
import { namespace, ownsNamespace } from "./namespace.ts";
import { exposePolicy, metricsPolicy } from "./network-policies.ts";
import { commonStatefulSet } from "./validator/overlay.ts";

/**
 * overlays/<network>: the kustomization of the whole network, the patch for all validators alike, and the objects that
 * belong to no component.
 *
 * @param isSealed whether the network has sealed keystores.
 */
export function overlayRoot(network: Network, isSealed: boolean): Files {
  const objects = ownObjects(network);
  return {
    "kustomization.yaml": kustomization({
      namespace: network.namespace,
      resources: [
        `../../base/${sharedName(network)}`,
        ...Object.keys(objects),
        sidecarName,
        rpcName(network),
        ...network.validators.map(({ index }) => nodeName(network, index)),
        ...(isSealed ? ["keystores"] : []),
      ],
      patches: [{ path: "statefulset.yaml", target: { kind: "StatefulSet", labelSelector: nodeSelector(network) } }],
      images: [replacedImage(imageName(network), network.image)],
      configMapGenerator: [
        { name: nodeConfigName(network), files: tomlFiles.map((file) => `config/${file}`) },
        { name: genesisConfigName(network), files: ["config/genesis.json"] },
      ],
    }),
    "statefulset.yaml": commonStatefulSet(network),
    ...objects,
  };
}

function ownObjects(network: Network): Files {
  const { expose, monitoring } = network;
  const more = expose.filter((name) => name !== "p2p");
  return {
    ...(ownsNamespace(network) && { "namespace.yaml": namespace(network) }),
    ...(more.length > 0 && { "networkpolicy-exposed.yaml": exposePolicy(network, more) }),
    ...(monitoring && { "networkpolicy-metrics.yaml": metricsPolicy(network, monitoring.namespace) }),
  };
}

const nodeSelector = (network: Network) =>
  Object.entries(nodeLabels(network))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
