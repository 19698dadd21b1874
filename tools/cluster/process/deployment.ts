import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { ClusterRequest } from "../options.ts";
import { clusterVariable } from "./processes.ts";

const script = resolve(import.meta.dirname, "../network/deploy.ts");

/**
 * Starts the deployment of the network `local`, in a process of its own. It makes keys and seals them while the cluster
 * starts, and waits for `clusterIsReady` before it deploys. `finished` rejects when it fails.
 */
export function startDeployment({ location, keepsArtifacts = false }: ClusterRequest) {
  const args = [script, JSON.stringify(location), ...(keepsArtifacts ? ["keep"] : [])];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", process.execPath, ...args], {
    env: {
      ...process.env,
      // In what it takes for a first shell, bash with a socket as its standard input reads a person's .bashrc.
      SHLVL: "1",
      TMPDIR: join(location.folder, "tmp"),
      [clusterVariable]: location.folder,
    },
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.on("error", () => {});
  const finished = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error("the network local was not deployed");
  });
  return { finished, clusterIsReady: () => child.stdin.end() };
}
