import { argocdOverlay, isServed, ownsNamespace } from "./components/argocd.ts";
import { sidecarBase, sidecarOverlay } from "./components/ethereum-sidecar.ts";
import { jsonRpcBase, jsonRpcOverlay } from "./components/json-rpc.ts";
import { kustomization, replacedImage } from "./components/kustomization.ts";
import { exposePolicy, metricsPolicy, sharedBase } from "./components/network-policies.ts";
import { commonStatefulSet, validatorBase, validatorOverlay } from "./components/validator/validator.ts";
import { appToml } from "./mezod/app-toml.ts";
import { clientToml } from "./mezod/client-toml.ts";
import { configToml } from "./mezod/config-toml.ts";
import { composeGenesis } from "./mezod/genesis.ts";
import { toToml, withSettings } from "./mezod/toml.ts";
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
} from "./network/names.ts";
import { genesisFile } from "./network/paths.ts";
import { networkError } from "./network/problem.ts";
import type { Network } from "./network/schema.ts";
import type { Checksums } from "./network/seal-lock.ts";
import type { Files, Tree } from "./tree.ts";
import { toYaml } from "./yaml.ts";

/** A network, and what stands beside it on disk that its manifests depend on. */
export interface Source {
  network: Network;
  /** Content of the genesis file that the network names. */
  genesisText?: string;
  /** Whether keystores/ holds sealed keystores, with a kustomization of their own. */
  sealed?: boolean;
  /** What the sealed secrets hold, as the seal lock says. */
  checksums?: Checksums;
}

// https://kubernetes.io/docs/concepts/configuration/configmap/: the data stored in a ConfigMap cannot exceed 1 MiB.
export const configMapLimit = 2 ** 20;

/**
 * Every file under base/ and overlays/ that the networks render to.
 *
 * @throws {OperatorError} when networks that share base/ need different content there, when two that Argo CD deploys
 * share a namespace, when two of one chain share a key, or when a genesis can't be used.
 */
export function render(sources: readonly Source[]): Tree {
  const networks = sources.map(({ network }) => network);
  for (const network of networks.filter(isServed)) refuseSharedNamespace(network, networks.filter(isServed));
  refuseSharedKeys(networks);
  const tree: Tree = new Map();
  for (const network of networks) addBase(tree, network);
  for (const source of sources) addFolders(tree, `overlays/${source.network.name}`, networkOverlay(source));
  if (networks.some(isServed)) addFolders(tree, "overlays/argocd", [["", argocdOverlay(networks)]]);
  return tree;
}

/** Folders below one place: relative path ("" for the place itself) and files, made when they are asked for. */
type Folders = Iterable<[folder: string, files: Files]>;

function* networkBase(network: Network): Folders {
  const { port } = network.ethereumSidecar;
  yield [sidecarName, sidecarBase(network, port)];
  for (const { index } of network.validators) yield [nodeName(network, index), validatorBase(network, index)];
  yield [rpcName(network), jsonRpcBase(network)];
  yield [sharedName(network), sharedBase(network, port)];
}

function* networkOverlay(source: Source): Folders {
  const { network, checksums = new Map() } = source;
  yield ["", overlayRoot(source)];
  yield ["config", configFiles(source)];
  yield [sidecarName, sidecarOverlay(network, checksums)];
  for (const validator of network.validators) {
    yield [nodeName(network, validator.index), validatorOverlay(network, validator, checksums)];
  }
  yield [rpcName(network), jsonRpcOverlay(network)];
}

function overlayRoot({ network, sealed }: Source): Files {
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
        ...(sealed ? ["keystores"] : []),
      ],
      patches: [{ path: "statefulset.yaml", target: { kind: "StatefulSet", labelSelector: selector(network) } }],
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

/** Objects that belong to no component: what this network opens, and its namespace where it has one of its own. */
function ownObjects(network: Network): Files {
  const more = network.expose.filter((name) => name !== "p2p");
  return {
    ...(ownsNamespace(network) && { "namespace.yaml": namespace(network) }),
    ...(more.length > 0 && { "networkpolicy-exposed.yaml": exposePolicy(network, more) }),
    ...(network.monitoring && {
      "networkpolicy-metrics.yaml": metricsPolicy(network, network.monitoring.namespace),
    }),
  };
}

// The API server itself then refuses a pod that asks for more than it needs.
const namespace = (network: Network) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: network.namespace,
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
  },
});

const selector = (network: Network) =>
  Object.entries(nodeLabels(network))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

function configFiles(source: Source): Files {
  const { network } = source;
  const { settings } = network;
  return {
    "app.toml": toToml(withSettings(appToml(network), settings.app)),
    "client.toml": toToml(withSettings(clientToml(network), settings.client)),
    "config.toml": toToml(withSettings(configToml(network), settings.config)),
    "genesis.json": genesisJson(source),
  };
}

function genesisJson({ network, genesisText }: Source): string {
  const { genesis, chain } = network;
  const refuse = (value: unknown, message: string) =>
    networkError(network.name, [{ path: ["genesis"], value, message }]);
  const text =
    genesis.kind === "file" ? (genesisText ?? "") : `${JSON.stringify(composeGenesis(network, genesis), null, 2)}\n`;
  if (genesis.kind === "file") {
    const id = chainIdOf(text);
    if (id === undefined) throw refuse(genesisFile(network.name), "is not a genesis: no JSON object with a chain_id");
    if (id !== chain.id)
      throw refuse(genesisFile(network.name), `is the genesis of ${id}, and chain.id is ${chain.id}`);
  }
  const size = Buffer.byteLength(text);
  if (size > configMapLimit) {
    throw refuse(`${size} bytes`, `does not fit: a ConfigMap holds ${configMapLimit} bytes (1 MiB) at most`);
  }
  return text;
}

function chainIdOf(json: string): string | undefined {
  try {
    const { chain_id } = JSON.parse(json);
    return typeof chain_id === "string" ? chain_id : undefined;
  } catch {
    return undefined;
  }
}

function addFolders(tree: Tree, place: string, folders: Folders): void {
  for (const [folder, files] of folders) {
    const at = folder ? `${place}/${folder}` : place;
    for (const [file, content] of Object.entries(files)) tree.set(`${at}/${file}`, toText(file, content));
  }
}

/** Networks share base/: what two of them put there must be the same. */
function addBase(tree: Tree, network: Network): void {
  const own: Tree = new Map();
  addFolders(own, "base", networkBase(network));
  for (const [path, content] of own) {
    const present = tree.get(path);
    if (present !== undefined && present !== content) {
      const message = `shares ${path} with another network and needs other content there: base/ follows from app, ports and ethereumSidecar.port, so give one network an app of its own or make these equal`;
      throw networkError(network.name, [{ path: ["app"], value: network.app, message }]);
    }
    tree.set(path, content);
  }
}

/** A key in two networks is a key in two pods; on one chain it signs twice. */
function refuseSharedKeys(networks: readonly Network[]): void {
  const owners = new Map<string, string>();
  for (const { name, chain, validators } of networks) {
    for (const [position, { consensusPubKey }] of validators.entries()) {
      const key = `${chain.id} ${consensusPubKey}`;
      const owner = owners.get(key);
      owners.set(key, `${name}'s validators[${position}]`);
      if (!owner) continue;
      const message = `is ${owner} of ${chain.id} already: one key in two validators signs twice`;
      throw networkError(name, [
        { path: ["validators", position, "consensusPubKey"], value: consensusPubKey, message },
      ]);
    }
  }
}

/** Argo CD serves one cluster: in one namespace two networks would be two owners of objects of the same names. */
function refuseSharedNamespace(network: Network, served: readonly Network[]): void {
  const other = served.find(({ name, namespace }) => name < network.name && namespace === network.namespace);
  if (!other) return;
  const message = `is that of ${other.name} already, which Argo CD deploys too: each network needs its own`;
  throw networkError(network.name, [{ path: ["namespace"], value: network.namespace, message }]);
}

/** First line of every file that can hold a comment. */
export const header = "# Generated by `pnpm gen` from generators/networks: edit the network there, not this file.\n";

function toText(file: string, content: object | string): string {
  const text = typeof content === "string" ? content : toYaml(content);
  return file.endsWith(".json") ? text : header + text;
}
