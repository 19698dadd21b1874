import type { Network, Validator } from "./schema.ts";

type App = Pick<Network, "app">;
type Placed = Pick<Network, "app" | "namespace">;

/** The node's home directory, on every network. */
export const nodeHome = "/mnt/.mezod";

/** The name of a validator's StatefulSet and Service, which is also its moniker: mezo-node-0. */
export const nodeName = ({ app }: App, index: number) => `${app}-node-${index}`;

/** The name of the Service at which a validator answers the network's own pods: mezo-node-0-internal. */
export const internalName = (network: App, index: number) => `${nodeName(network, index)}-internal`;

/** The name of the claimed volume with a validator's data. */
export const dataName = ({ app }: App) => `${app}-node-data`;

/** The name of the Job before a batch of validators, counted from 1. */
export const gateName = ({ app }: App, batch: number) => `${app}-gate-${batch}`;

/** The name of the Secret with a validator's keys, and of the SealedSecret that it is made from. */
export const keystoreName = (network: App, index: number) => `${nodeName(network, index)}-keystore`;

/** The names of ConfigMaps, before Kustomize appends the hash of their content. */
export const nodeConfigName = ({ app }: App) => `${app}-node-config`;
export const ownConfigName = (network: App, index: number) => `${nodeName(network, index)}-config`;
export const scriptsName = ({ app }: App) => `${app}-scripts`;
export const genesisConfigName = ({ app }: App) => `${app}-genesis-config`;

export const dashboardsName = ({ app }: App) => `${app}-grafana`;

export const rpcName = ({ app }: App) => `${app}-rpc`;
export const sharedName = ({ app }: App) => `${app}-shared`;

/** The image's name in base/. Every overlay replaces it by a repository with a tag or digest. */
export const imageName = ({ app }: App) => `${app}-node`;

/** The name of the ethereum-sidecar that validators share, and of the container where one has its own. */
export const sidecarName = "ethereum-sidecar";
/** Its folder in base/, which networks of another app do not share. */
export const sidecarFolder = ({ app }: App) => `${app}-${sidecarName}`;
export const sidecarSecret = { name: "ethereum-sidecar-config", key: "ethereum-node-address" };

/** The name of the Deployment and Service of a validator's Connect: mezo-node-0-connect. */
export const connectName = (network: App, index: number) => `${nodeName(network, index)}-connect`;

/** The name of the Application and of the AppProject of a network that Argo CD deploys. */
export const applicationName = ({ app, name }: Pick<Network, "app" | "name">) => `${app}-${name}`;

/** The labels that all validators share. A validator's selector adds its id. */
export const nodeLabels = ({ app }: App) => ({ app, type: "node" });
export const validatorLabels = (network: App, index: number) => ({ ...nodeLabels(network), id: String(index) });
export const gateLabels = ({ app }: App) => ({ app, type: "gate" });
export const sidecarLabels = ({ app }: App) => ({ app, type: sidecarName });
export const connectLabels = ({ app }: App) => ({ app, type: "connect" });

/** A Service's DNS name inside the cluster. */
export const serviceHost = ({ namespace }: Placed, service: string) => `${service}.${namespace}.svc.cluster.local`;

/** The address where other validators dial this one, as host:port. */
export function peerAddress(network: Network, { index, host }: Validator): string {
  const name = network.peering === "hosts" ? host : serviceHost(network, nodeName(network, index));
  return `${name}:${network.ports.p2p}`;
}

/** The files of a validator's keyring directory that mezod names after the validator or names alike for all. */
export const keyringBaseFiles = (network: App, index: number) => ["keyhash", `${keyName(network, index)}.info`];

/** All files of a validator's keyring directory. The last is named after the account's address. */
export const keyringFiles = (network: App, { index, keyringFile }: Validator) => [
  ...keyringBaseFiles(network, index),
  keyringFile,
];

/** The name of a validator's account in its keyring. */
export const keyName = (network: App, index: number) => `${nodeName(network, index)}-key`;

/** The file with the password of a validator's keyring. */
export const passwordFile = "keyring_password.txt";

/** The files that identify a node: its p2p key and its consensus key. */
export const identityFiles = ["node_key.json", "priv_validator_key.json"];

/** The node's configuration files, which all validators share. */
export const tomlFiles = ["app.toml", "client.toml", "config.toml"];
