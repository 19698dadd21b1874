import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type ClusterLocation, createLocation } from "./location.ts";
import { removeCgroups } from "./node/cgroups.ts";
import type { ClusterOptions, ClusterRequest } from "./options.ts";
import { argocdUrl } from "./parts/argocd.ts";
import { kubeconfigFile } from "./parts/credentials.ts";
import { repoUrl } from "./parts/git-repository.ts";
import { sealedSecretsUrl } from "./parts/sealed-secrets.ts";

/** How to reach a cluster. */
export interface Cluster {
  folder: string;
  kubeconfig: string;
  repoURL: string;
  argocd: string;
  sealedSecrets: string;
  /** Whether the cluster existed before. Its nodes are then no stand-ins, and its programs are not ours to kill. */
  isExisting: boolean;
}

export const clusterAt = (location: ClusterLocation): Cluster => ({
  folder: location.folder,
  kubeconfig: kubeconfigFile(location),
  repoURL: repoUrl(location),
  argocd: argocdUrl(location),
  sealedSecrets: sealedSecretsUrl(location),
  isExisting: location.kubeconfig !== undefined,
});

/** A cluster that was launched, and its process. */
export interface LaunchedCluster {
  location: ClusterLocation;
  cluster: Cluster;
  process: ChildProcess;
  /** Resolves when the cluster is ready. Rejects when it ends; the reason is on standard error by then. */
  ready: Promise<unknown>;
  /** Ends the cluster and waits until nothing is left of it. */
  end: () => Promise<void>;
  /** Has the cluster go on when this process ends. Rejects when the cluster ends. */
  detach: () => Promise<unknown>;
}

/**
 * Launches a cluster. It ends when this process ends, in whatever way, unless it is detached.
 *
 * @param kubeconfig that of an existing cluster, from which everything made in it is removed at the end.
 */
export function launchCluster(options: ClusterOptions = {}, kubeconfig?: string): LaunchedCluster {
  const location = createLocation(kubeconfig, options.network);
  const child = spawnProcess({ location, ...options });
  const ended = new Promise<never>((_, reject) => {
    child.once("close", async (code, signal) => {
      // Its process does all this itself, unless it was killed. At once, because this process may be about to end, too.
      rmSync(location.folder, { recursive: true, force: true, maxRetries: 10 });
      await removeCgroups(location).catch((error: Error) => console.error(`error: ${error.message}`));
      reject(new Error(`the cluster ended with ${signal ?? `code ${code}`}`));
    });
  });
  ended.catch(() => {});
  // It prints one line when it is ready, and another one when it is detached.
  const nextLine = () => Promise.race([once(child.stdout, "data"), ended]);
  const ready = nextLine();
  ready.catch(() => {});
  return {
    location,
    cluster: clusterAt(location),
    process: child,
    ready,
    async end() {
      child.kill("SIGTERM");
      await ended.catch(() => {});
    },
    detach() {
      child.stdin.write("detach\n");
      return nextLine();
    },
  };
}

function spawnProcess(request: ClusterRequest) {
  const script = join(import.meta.dirname, "process/cluster-process.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    // Pipes, because a reader of this process' own output would wait for as long as the cluster stays.
    stdio: ["pipe", "pipe", "pipe"],
    // A terminal sends Ctrl-C to the whole process group, and this process has to clean up.
    detached: true,
  });
  child.stderr.pipe(process.stderr, { end: false });
  child.stdin.on("error", () => {});
  return child;
}

/**
 * Launches a cluster, as `launchCluster` does, and waits until it is ready.
 *
 * @throws {Error} when it does not start.
 */
export async function startCluster(options: ClusterOptions = {}, kubeconfig?: string): Promise<LaunchedCluster> {
  const launched = launchCluster(options, kubeconfig);
  await launched.ready;
  return launched;
}
