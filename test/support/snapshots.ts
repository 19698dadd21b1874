import type { Network, NetworkInput } from "generators/network/schema.ts";
import { localWithRpcNodes, withKeyless } from "./keyless.ts";

export const snapshots = {
  of: [{ rpcNode: 0 }, { validator: 3 }],
  schedule: "0 3 * * *",
  keep: 7,
} satisfies NetworkInput["snapshots"];

/** Staging with RPC nodes, and with snapshots of a volume of theirs and of a validator's. */
export const withSnapshots = (change: Partial<NetworkInput> = {}): Network => withKeyless({ snapshots, ...change });

/** The same on any Kubernetes, which has no usual driver. */
export const localWithSnapshots = (change: Partial<NetworkInput> = {}): Network =>
  localWithRpcNodes({ snapshots: { ...snapshots, driver: "hostpath.csi.k8s.io" }, ...change });
