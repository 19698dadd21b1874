import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ClusterLocation, nodePath } from "tools/cluster/location.ts";
import { importImage } from "tools/cluster/node/containerd.ts";
import { makeImage } from "tools/cluster/node/images.ts";
import { tagImage } from "./tag-image.ts";

const digest = `sha256:${"c".repeat(64)}`;

/** The field that declares a Connect which fits on the cluster's node; nobody can pull its image. */
export const connectField = `connectSidecar: { image: { digest: "${digest}" }, resources: { cpu: "10m", memory: "64Mi" } },`;

/** Gives the node an image that stands in for Connect: it runs, and tells nobody a price. */
export async function importConnect(location: ClusterLocation): Promise<void> {
  const program = join(nodePath(location), "connect");
  await writeFile(
    program,
    "#!/bin/sh\ntrap 'exit 0' TERM\nwhile :; do\n  (read -r nothing </dev/ptmx) &\n  wait\ndone\n",
  );
  await chmod(program, 0o755);
  const name = "stand-in-for-connect:1";
  const programs = { "/usr/bin/connect": program, "/bin/sh": "/bin/busybox" };
  await importImage(location, await makeImage(nodePath(location), { names: [name], programs }));
  await tagImage(location, name, `ghcr.io/skip-mev/connect-sidecar@${digest}`);
}
