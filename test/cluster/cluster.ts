import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { argocdUrl } from "./argocd.ts";
import { kubeconfigFile } from "./control-plane.ts";
import { repoUrl } from "./git.ts";
import { makePlace, type Place } from "./place.ts";

/** Where a cluster is, for those who use it. */
export interface Cluster {
  folder: string;
  kubeconfig: string;
  repoURL: string;
  argocd: string;
}

const clusterAt = (place: Place): Cluster => ({
  folder: place.folder,
  kubeconfig: kubeconfigFile(place),
  repoURL: repoUrl(place),
  argocd: argocdUrl(place),
});

/** A cluster that runs, and the process that holds it. */
export interface Held {
  cluster: Cluster;
  holder: ChildProcess;
  /** Ends the cluster and waits until nothing is left of it. */
  end: () => Promise<void>;
}

/**
 * Starts a cluster. It goes when this process does, however that ends, unless told to stay.
 *
 * @throws {Error} when it does not start; why is on standard error by then.
 */
export async function startCluster(): Promise<Held> {
  const place = makePlace();
  const holder = spawn(process.execPath, [join(import.meta.dirname, "hold.ts"), JSON.stringify(place)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Out of reach of a Ctrl-C, which the terminal sends to a whole group: it has to clean up.
    detached: true,
  });
  const ended = new Promise<never>((_, reject) => {
    holder.once("exit", (code, signal) => {
      // The holder's own work, unless it was killed.
      rmSync(place.folder, { recursive: true, force: true });
      reject(new Error(`the cluster ended with ${signal ?? `code ${code}`}`));
    });
  });
  ended.catch(() => {});
  holder.stdin.on("error", () => {});
  // It says one line, when it is ready.
  await Promise.race([once(holder.stdout, "data"), ended]);
  const end = async () => {
    holder.stdin.end();
    await ended.catch(() => {});
  };
  return { cluster: clusterAt(place), holder, end };
}
