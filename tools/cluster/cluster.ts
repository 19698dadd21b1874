import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { argocdUrl } from "./argocd.ts";
import { kubeconfigFile } from "./control-plane.ts";
import { repoUrl } from "./git.ts";
import type { Order } from "./holder.ts";
import { makePlace, type Place } from "./location.ts";
import { removeCgroups } from "./node/machine.ts";
import { sealedSecretsUrl } from "./sealed-secrets.ts";

/** Where a cluster is, for those who use it. */
export interface Cluster {
  folder: string;
  kubeconfig: string;
  repoURL: string;
  argocd: string;
  sealedSecrets: string;
  /** Whether it was there before: its nodes are no stand-ins, and its programs are none of ours. */
  isExisting: boolean;
}

export const clusterAt = (place: Place): Cluster => ({
  folder: place.folder,
  kubeconfig: kubeconfigFile(place),
  repoURL: repoUrl(place),
  argocd: argocdUrl(place),
  sealedSecrets: sealedSecretsUrl(place),
  isExisting: place.kubeconfig !== undefined,
});

/** A cluster, and the process that holds it. */
export interface Held {
  place: Place;
  cluster: Cluster;
  holder: ChildProcess;
  /** Resolves when it is ready; rejects when it ends, why is on standard error by then. */
  ready: Promise<unknown>;
  /** Ends the cluster and waits until nothing is left of it. */
  end: () => Promise<void>;
  /** Has it go on when this process ends. Rejects when it ends. */
  stay: () => Promise<unknown>;
}

/**
 * Begins a cluster. It goes when this process does, however that ends, unless told to stay.
 *
 * @param kubeconfig that of a cluster which is there already; what is made in it goes.
 */
export function beginCluster(options: Omit<Order, "place"> = {}, kubeconfig?: string): Held {
  const place = makePlace(kubeconfig);
  const order: Order = { place, ...options };
  const holder = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), JSON.stringify(order)], {
    // Not this process' own: who reads that would wait for as long as the cluster stays.
    stdio: ["pipe", "pipe", "pipe"],
    // Out of reach of a Ctrl-C, which the terminal sends to a whole group: it has to clean up.
    detached: true,
  });
  holder.stderr.pipe(process.stderr, { end: false });
  const ended = new Promise<never>((_, reject) => {
    holder.once("close", async (code, signal) => {
      // The holder's own work, unless it was killed. At once, for this process may be about to end, too.
      rmSync(place.folder, { recursive: true, force: true, maxRetries: 10 });
      await removeCgroups(place).catch((error: Error) => console.error(`error: ${error.message}`));
      reject(new Error(`the cluster ended with ${signal ?? `code ${code}`}`));
    });
  });
  ended.catch(() => {});
  holder.stdin.on("error", () => {});
  // It says one line, when it is ready, and another one to "stay".
  const answer = () => Promise.race([once(holder.stdout, "data"), ended]);
  const ready = answer();
  ready.catch(() => {});
  return {
    place,
    cluster: clusterAt(place),
    holder,
    ready,
    async end() {
      holder.kill("SIGTERM");
      await ended.catch(() => {});
    },
    stay() {
      holder.stdin.write("stay\n");
      return answer();
    },
  };
}

/**
 * Starts a cluster, as `beginCluster`.
 *
 * @throws {Error} when it does not start.
 */
export async function startCluster(options: Omit<Order, "place"> = {}, kubeconfig?: string): Promise<Held> {
  const held = beginCluster(options, kubeconfig);
  await held.ready;
  return held;
}
