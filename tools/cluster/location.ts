import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a cluster is: its folder, its own loopback address, and the socket through which pods are reached. */
export interface Place {
  folder: string;
  address: string;
  tunnel: string;
  /** Of a cluster that is there already, the kubeconfig; beside it run only Argo CD, the SealedSecrets controller and git. */
  kubeconfig?: string | undefined;
}

/** What the name of a cluster's folder begins with. */
export const folderPrefix = "mezo-cluster-";

/** A new folder, and an address of 127.0.0.0/8 at random: clusters beside each other use the same ports. Linux has them all. */
export function makePlace(kubeconfig?: string): Place {
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  for (const name of ["home", "tmp", "pki", "bin"]) mkdirSync(join(folder, name));
  const address = ["127", randomInt(1, 255), randomInt(256), randomInt(1, 255)].join(".");
  return { folder, address, tunnel: join(folder, "tunnel.sock"), kubeconfig };
}

/** Where the network `local` is on its way into a cluster: its artifacts with plain keys, and a clone of this repository. */
export const artifactsFolder = ({ folder }: Place) => join(folder, "tmp/artifacts");
export const cloneFolder = ({ folder }: Place) => join(folder, "tmp/clone");
