import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import type { Program } from "../process/program.ts";
import { argocdUrl } from "./argocd.ts";

const port = 8085;
const name = "mezo-staging.git";

/** The URL of the repository that Argo CD deploys from. */
export const repoUrl = ({ address }: ClusterLocation) => `http://${address}:${port}/${name}`;

const repositoriesFolder = ({ folder }: ClusterLocation) => join(folder, "git");

/** Makes the bare repository that Argo CD reads. A push to it calls Argo CD's webhook, as a forge would. */
export function makeRepository(location: ClusterLocation): void {
  const bare = join(repositoriesFolder(location), name);
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  // Everybody who reaches it may push: it is on loopback, and short-lived.
  execFileSync("git", ["config", "http.receivepack", "true"], { cwd: bare });
  // The pushed clone may be shallow, as CI's is.
  execFileSync("git", ["config", "receive.shallowUpdate", "true"], { cwd: bare });
  const hook = join(bare, "hooks/post-receive");
  const script = join(import.meta.dirname, "post-receive.ts");
  writeFileSync(
    hook,
    `#!/bin/sh\nexec "${process.execPath}" "${script}" ${argocdUrl(location)} ${repoUrl(location)}\n`,
  );
  chmodSync(hook, 0o755);
}

/** Serves the repository over HTTP. */
export const gitServer = (location: ClusterLocation): Program => ({
  name: "git-server",
  command: process.execPath,
  args: [join(import.meta.dirname, "git-server.ts"), location.address, String(port), repositoriesFolder(location)],
  isReady: async () => (await fetch(`${repoUrl(location)}/info/refs?service=git-upload-pack`)).ok,
});
