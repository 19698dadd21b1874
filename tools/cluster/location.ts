import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a cluster is on this machine. */
export interface ClusterLocation {
  /** The folder that holds all of its files. */
  folder: string;
  /** Its own loopback address. */
  address: string;
  /** The socket through which the API server reaches pods. */
  tunnel: string;
  /** The kubeconfig of an existing cluster; beside that one run only Argo CD, the SealedSecrets controller and git. */
  kubeconfig?: string | undefined;
  /** The name of the network that it runs; `local` without it. */
  network?: string | undefined;
}

/** What the name of a cluster's folder begins with. */
export const folderPrefix = "mezo-cluster-";

/**
 * Makes a folder, and picks a random address of 127.0.0.0/8, so that clusters side by side can use the same ports. Linux
 * has all of these addresses.
 */
export function createLocation(kubeconfig?: string, network?: string): ClusterLocation {
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  for (const name of ["home", "tmp", "pki", "bin"]) mkdirSync(join(folder, name));
  const address = ["127", randomInt(1, 255), randomInt(256), randomInt(1, 255)].join(".");
  return { folder, address, tunnel: join(folder, "tunnel.sock"), kubeconfig, network };
}

/** Where the cluster's programs write their logs. */
export const logsFolder = ({ folder }: Pick<ClusterLocation, "folder">) => join(folder, "logs");

/** Where the process ids of the cluster's programs are written, by the program's name. */
export const pidFile = ({ folder }: Pick<ClusterLocation, "folder">) => join(folder, "programs.json");

/** Where a person finds the cluster's kubectl and argocd. */
export const commandsFolder = ({ folder }: ClusterLocation) => join(folder, "bin");

/** A file or folder of the real node; its path is the same inside and outside of the node's namespaces. */
export const nodePath = ({ folder }: ClusterLocation, ...path: string[]) => join(folder, "node", ...path);

/** Where the real node's pods write their logs. */
export const podLogsFolder = (location: ClusterLocation) => nodePath(location, "pod-logs");

/** The artifacts of the network, with its plain keys, while it is being deployed. */
export const artifactsFolder = ({ folder }: ClusterLocation) => join(folder, "tmp/artifacts");

/** The clone of this repository from which the network is pushed. */
export const cloneFolder = ({ folder }: ClusterLocation) => join(folder, "tmp/clone");
