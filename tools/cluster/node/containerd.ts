import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "smol-toml";
import { type ClusterLocation, nodePath } from "../location.ts";
import { isolatedEnvironment } from "../process/processes.ts";
import type { Program } from "../process/program.ts";
import { nodePrograms } from "../programs.ts";
import { podRange } from "./addresses.ts";
import { inNode, runInNode } from "./namespaces.ts";
import { cniFolder } from "./requirements.ts";

export const containerdSocket = (location: ClusterLocation) => nodePath(location, "containerd.sock");

/** The image of the containers that the node itself needs: those that hold a pod's network or make a volume's folder. */
export const toolsImage = "node-tools:local";

/**
 * containerd, with its pods on a bridge of the node's.
 *
 * @param command the path of the program, and `shim` that of its containerd-shim-runc-v2.
 */
export function containerd(location: ClusterLocation, command: string, shim: string): Program {
  const cni = nodePath(location, "cni");
  mkdirSync(join(cni, "net.d"), { recursive: true });
  writeFileSync(join(cni, "net.d/bridge.conflist"), JSON.stringify(podNetwork(join(cni, "addresses"))));
  const file = nodePath(location, "containerd.toml");
  writeFileSync(file, stringify(settings(location, join(cni, "net.d"), shim)));
  return inNode(location, {
    name: "containerd",
    command,
    args: ["--config", file],
    // When it starts again, it looks on the PATH for what its containers run under, and without gives them up.
    env: { PATH: [dirname(shim), isolatedEnvironment(location).PATH].join(delimiter) },
    isReady: () => existsSync(containerdSocket(location)),
  });
}

const settings = (location: ClusterLocation, cniSettings: string, shim: string) => ({
  version: 3,
  root: nodePath(location, "containerd"),
  // The node has a /run of its own, for the containers' sockets.
  state: "/run/containerd",
  grpc: { address: containerdSocket(location) },
  plugins: {
    "io.containerd.cri.v1.images": { pinned_images: { sandbox: toolsImage } },
    "io.containerd.cri.v1.runtime": {
      // This machine may be a container that must not lower its processes' OOM score.
      restrict_oom_score_adj: true,
      containerd: {
        runtimes: {
          runc: {
            runtime_type: "io.containerd.runc.v2",
            // The machine's own containerd may have one on the PATH, of another version.
            runtime_path: shim,
            // kubelet asks for this, and does the same.
            options: { SystemdCgroup: false },
          },
        },
      },
      cni: { bin_dirs: [cniFolder], conf_dir: cniSettings },
    },
  },
});

const podNetwork = (dataDir: string) => ({
  cniVersion: "1.0.0",
  name: "pods",
  plugins: [
    {
      type: "bridge",
      bridge: "pods",
      isGateway: true,
      // A pod's own Service may lead it back to itself.
      hairpinMode: true,
      ipam: { type: "host-local", dataDir, ranges: [[{ subnet: podRange }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
  ],
});

/** Runs containerd's own client. */
export async function ctr(location: ClusterLocation, ...args: string[]): Promise<string> {
  const { ctr: command } = await nodePrograms();
  return runInNode(location, command, "--address", containerdSocket(location), "--namespace", "k8s.io", ...args);
}

/** Loads an image's archive into the node. */
export const importImage = (location: ClusterLocation, archive: string) => ctr(location, "images", "import", archive);
