import { scriptsFolder } from "generators/components/validator/volumes.ts";
import { heightOfStop } from "generators/mezod/upgrade-path.ts";
import { planOf, releaseIn } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import type { Shape } from "../shape.ts";
import { imageOf, script, tmp } from "./pod.ts";

/** What the node's container runs: the node itself, or the shell that becomes it once it knows which release is due. */
export function nodeCommand(network: Network): string[] {
  const program = planOf(network) ? ["/bin/sh", `${scriptsFolder}/launch.sh`] : ["mezod"];
  return [...program, "start", ...skipped(network)];
}

/** The flag with the plans that every node passes. */
export function skipped({ emergency }: Network): string[] {
  const heights = emergency?.skipUpgrades ?? [];
  return heights.length > 0 ? ["--unsafe-skip-upgrades", heights.join(",")] : [];
}

/** The release after a planned halt, as a volume of every validator's pod; empty where none is planned. */
export function nextRelease(network: Network) {
  const plan = planOf(network);
  if (!plan) return { mounts: [], sidecarMounts: [], volumes: [], environment: [] };
  const next = { name: "next", mountPath: "/next", readOnly: true };
  const { repository } = network.image;
  // Short for an image of Docker Hub, whose tag Kustomize would take for that of the running release.
  const isShort = !repository.includes("/");
  const reference = imageOf({ ...plan, repository: isShort ? `docker.io/library/${repository}` : repository });
  return {
    mounts: [next],
    // It follows the node, which notes there what it runs.
    sidecarMounts: [next, { ...tmp.mount, mountPath: "/node", readOnly: true }],
    volumes: [{ name: "next", image: { reference, pullPolicy: "IfNotPresent" } }],
    environment: [
      { name: "UPGRADE_NAME", value: plan.name },
      { name: "UPGRADE_HEIGHT", value: String(heightOfStop(plan, releaseIn(plan))) },
    ],
  };
}

/** The liveness probe: with a plan the one that knows a node which has stopped for it. */
export const liveness = (network: Network, health: { [key: string]: Shape }): Shape => {
  if (!planOf(network)) return health;
  const { httpGet: _, ...times } = health;
  return { ...times, exec: { command: script("liveness.sh") }, timeoutSeconds: 15 };
};
