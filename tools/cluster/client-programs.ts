import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argocdUrl } from "./argocd.ts";
import type { Place } from "./location.ts";
import type { Programs } from "./programs.ts";

/** Where a person finds the cluster's kubectl and argocd. */
export const commandsFolder = ({ folder }: Place) => join(folder, "bin");

/** Makes the programs that a person uses out of those that the cluster runs. */
export function writeCommands(place: Place, { controlPlane, argocd }: Programs): void {
  const { host } = new URL(argocdUrl(place));
  const environment = `ARGOCD_BINARY_NAME=argocd ARGOCD_SERVER=${host} ARGOCD_OPTS=--plaintext`;
  const write = (name: string, command: string) =>
    writeFileSync(join(commandsFolder(place), name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  write("kubectl", `"${controlPlane}" kubectl`);
  write("argocd", `env ${environment} "${argocd}"`);
}
