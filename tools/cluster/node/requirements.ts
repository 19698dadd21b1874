import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian's package has the CNI plugins. */
export const cniFolder = "/usr/lib/cni";

const needed = {
  runc: ["runc"],
  iproute2: ["ip"],
  nftables: ["nft"],
  iptables: ["iptables"],
  "busybox-static": ["busybox"],
  "util-linux": ["nsenter", "unshare", "setpriv"],
};

/**
 * Why this machine cannot run a real node, as a predicate such as "needs root"; undefined where it can. A node that runs
 * pods needs root, and programs of the operating system.
 */
export const nodeUnavailable: string | undefined = whyUnavailable();

function whyUnavailable(): string | undefined {
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
