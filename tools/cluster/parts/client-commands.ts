import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClusterLocation, commandsFolder } from "../location.ts";
import type { ClusterPrograms } from "../programs.ts";
import { argocdUrl } from "./argocd.ts";

/** Writes the commands kubectl and argocd, which run the same binaries as the cluster does. */
export function writeClientCommands(location: ClusterLocation, { controlPlane, argocd }: ClusterPrograms): void {
  const { host } = new URL(argocdUrl(location));
  const environment = `ARGOCD_BINARY_NAME=argocd ARGOCD_SERVER=${host} ARGOCD_OPTS=--plaintext`;
  const write = (name: string, command: string) =>
    writeFileSync(join(commandsFolder(location), name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  write("kubectl", `"${controlPlane}" kubectl`);
  write("argocd", `env ${environment} "${argocd}"`);
}
