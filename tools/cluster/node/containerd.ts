import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";
import type { Place } from "../location.ts";
import type { Program } from "../supervisor.ts";
import { fullName } from "./images.ts";
import { inNode, nodePath, podRange, runInNode } from "./machine.ts";
import { cniFolder } from "./requirements.ts";

export const containerdSocket = (place: Place) => nodePath(place, "containerd.sock");

/** The image that kubelet's own uses of containers take: what holds a pod's network, what makes a volume's folder. */
export const toolsImage = "node-tools:local";

/** containerd, with its pods on a bridge of the node's. */
export function containerd(place: Place): Program {
  const cni = nodePath(place, "cni");
  mkdirSync(join(cni, "net.d"), { recursive: true });
  writeFileSync(join(cni, "net.d/bridge.conflist"), JSON.stringify(network(join(cni, "addresses"))));
  const file = nodePath(place, "containerd.toml");
  writeFileSync(file, stringify(settings(place, join(cni, "net.d"))));
  return inNode(place, {
    name: "containerd",
    command: "containerd",
    args: ["--config", file],
    isReady: () => existsSync(containerdSocket(place)),
  });
}

const settings = (place: Place, cniSettings: string) => ({
  version: 2,
  root: nodePath(place, "containerd"),
  // In what is the node's own: sockets of containers.
  state: "/run/containerd",
  grpc: { address: containerdSocket(place) },
  plugins: {
    "io.containerd.grpc.v1.cri": {
      sandbox_image: toolsImage,
      // A machine that is a container itself may not let processes be dearer than it is.
      restrict_oom_score_adj: true,
      cni: { bin_dir: cniFolder, conf_dir: cniSettings },
    },
  },
});

const network = (dataDir: string) => ({
  cniVersion: "1.0.0",
  name: "pods",
  plugins: [
    {
      type: "bridge",
      bridge: "pods",
      isGateway: true,
      // A pod may be the one that its own Service leads it to.
      hairpinMode: true,
      ipam: { type: "host-local", dataDir, ranges: [[{ subnet: podRange }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
  ],
});

const ctr = (place: Place, ...args: string[]) =>
  runInNode(place, "ctr", "--address", containerdSocket(place), "--namespace", "k8s.io", ...args);

/** Gives the node an image's archive. */
export const importImage = (place: Place, archive: string) => ctr(place, "images", "import", archive);

/** Gives an image of the node another name, with a tag or a digest. */
export const tagImage = (place: Place, name: string, other: string) =>
  ctr(place, "images", "tag", "--force", fullName(name), fullName(other));
