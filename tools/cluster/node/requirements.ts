import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where CNI's plugins are, as Debian's package has them. */
export const cniFolder = "/usr/lib/cni";

const needed = {
  containerd: ["containerd", "ctr"],
  runc: ["runc"],
  iproute2: ["ip"],
  nftables: ["nft"],
  "util-linux": ["nsenter", "unshare", "setpriv"],
};

/** Why no real node can be had here, if so: one that runs pods takes root, and programs that no registry of ours has. */
export const nodeMissing = why();

function why(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const folders = (process.env.PATH ?? "").split(delimiter);
  const has = (name: string) => folders.some((folder) => existsSync(join(folder, name)));
  const packages = Object.entries(needed)
    .filter(([, names]) => !names.every(has))
    .map(([name]) => name);
  if (!existsSync(join(cniFolder, "bridge"))) packages.push("containernetworking-plugins");
  return packages.length > 0 ? `needs ${packages.join(", ")}: apt-get install ${packages.join(" ")}` : undefined;
}
