import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argocdUrl } from "./argocd.ts";
import type { Place } from "./location.ts";
import type { Program } from "./supervisor.ts";

const port = 8085;
const name = "mezo-staging.git";

export const repoUrl = ({ address }: Place) => `http://${address}:${port}/${name}`;
const projects = ({ folder }: Place) => join(folder, "git");

/** Makes the bare repository that Argo CD reads. A push to it calls Argo CD's webhook, as a forge would. */
export function makeRepository(place: Place): void {
  const bare = join(projects(place), name);
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  // Whoever reaches it may push: it is on loopback, and gone soon.
  execFileSync("git", ["config", "http.receivepack", "true"], { cwd: bare });
  // A checkout may be shallow, as CI's is.
  execFileSync("git", ["config", "receive.shallowUpdate", "true"], { cwd: bare });
  const hook = join(bare, "hooks/post-receive");
  const script = join(import.meta.dirname, "post-receive.ts");
  writeFileSync(hook, `#!/bin/sh\nexec "${process.execPath}" "${script}" ${argocdUrl(place)} ${repoUrl(place)}\n`);
  chmodSync(hook, 0o755);
}

/** git over http. */
export const gitServer = (place: Place): Program => ({
  name: "git-server",
  command: process.execPath,
  args: [join(import.meta.dirname, "git-server.ts"), place.address, String(port), projects(place)],
  isReady: async () => (await fetch(`${repoUrl(place)}/info/refs?service=git-upload-pack`)).ok,
});
