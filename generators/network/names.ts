import type { Network, PortName, Validator } from "./schema.ts";

type App = Pick<Network, "app">;
type Placed = Pick<Network, "app" | "namespace">;

/** The node's home directory, on every network. */
export const nodeHome = "/mnt/.mezod";

/** Name of a validator's StatefulSet, Service, container and moniker: mezo-node-0. */
export const nodeName = ({ app }: App, index: number) => `${app}-node-${index}`;

/** Name of the Secret that holds a validator's keys, and of the SealedSecret that becomes it. */
export const keystoreName = (network: App, index: number) => `${nodeName(network, index)}-keystore`;

/** ConfigMaps, before Kustomize appends the hash of their content. */
export const nodeConfigName = ({ app }: App) => `${app}-node-config`;
export const genesisConfigName = ({ app }: App) => `${app}-genesis-config`;

export const rpcName = ({ app }: App) => `${app}-rpc`;
export const sharedName = ({ app }: App) => `${app}-shared`;

/** The image's name in base/, which every overlay replaces by repository and tag or digest. */
export const imageName = ({ app }: App) => `${app}-node`;

export const sidecarName = "ethereum-sidecar";
export const sidecarSecret = { name: "ethereum-sidecar-config", key: "ethereum-node-address" };

/** Labels all validators share; their selector adds the id. */
export const nodeLabels = ({ app }: App) => ({ app, type: "node" });
export const validatorLabels = (network: App, index: number) => ({ ...nodeLabels(network), id: String(index) });
export const sidecarLabels = ({ app }: App) => ({ app, type: sidecarName });

/** A Service's DNS name inside the cluster. */
export const serviceHost = ({ namespace }: Placed, service: string) => `${service}.${namespace}.svc.cluster.local`;

/** The address at which other validators dial this one: host:port. */
export function peerAddress(network: Network, { index, host }: Validator): string {
  const name = network.peering === "hosts" ? host : serviceHost(network, nodeName(network, index));
  return `${name}:${network.ports.p2p}`;
}

/** Files of a validator's keyring directory whose names follow from its own, as mezod's file keyring has them. */
export const keyringBaseFiles = (network: App, index: number) => ["keyhash", `${nodeName(network, index)}-key.info`];

/** All files of a validator's keyring directory: the account's address names the last. */
export const keyringFiles = (network: App, { index, keyringFile }: Validator) => [
  ...keyringBaseFiles(network, index),
  keyringFile,
];

/** Files that make a node who it is: its p2p identity and its consensus key. */
export const identityFiles = ["node_key.json", "priv_validator_key.json"];

export const tomlFiles = ["app.toml", "client.toml", "config.toml"];

/** The network's ports as Kubernetes lists them. */
export const portList = ({ ports }: Pick<Network, "ports">, names: readonly PortName[]) =>
  names.map((name) => ({ name, port: ports[name] }));
