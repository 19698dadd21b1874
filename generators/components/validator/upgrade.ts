import type { Probe, Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import { heightOfStop } from "../../mezod/upgrade-path.ts";
import { planOf, releaseIn } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import { imageReference, removed } from "../kustomization.ts";
import { nextFolder, nodeNotes } from "../scripts/upgrade-plan.ts";
import { answerSeconds } from "./pod.ts";
import { scriptsFolder } from "./volumes.ts";

// What a planned upgrade, or an emergency, adds to the pods of all nodes.

/** A volume that is an image's file system, which kubernetes-types does not know yet. */
type ImageVolume = Volume & { image: { reference: string; pullPolicy: "IfNotPresent" } };

/** What the node's container runs, where that is not what base/ says. */
export function ownCommand(network: Network): { command?: string[] } {
  const plan = planOf(network);
  const flags = skipFlags(network);
  if (!plan && flags.length === 0) return {};
  const program = plan ? ["/bin/sh", `${scriptsFolder}/launch.sh`] : ["mezod"];
  return { command: [...program, "start", ...flags] };
}

/** The flags of `mezod start` that only an emergency brings. */
export function skipFlags({ emergency }: Network): string[] {
  const skipped = emergency?.skipUpgrades ?? [];
  return skipped.length > 0 ? ["--unsafe-skip-upgrades", skipped.join(",")] : [];
}

/** The plan, as the scripts know it: with the height that the old release writes when it stops. */
export function planEnvironment(network: Network) {
  const plan = planOf(network);
  if (!plan) return [];
  return [
    { name: "UPGRADE_NAME", value: plan.name },
    { name: "UPGRADE_HEIGHT", value: String(heightOfStop(plan, releaseIn(plan))) },
  ];
}

/** The liveness probe that restarts a node which has stopped for the plan. */
export function ownProbe(network: Network): { livenessProbe?: Probe } {
  if (!planOf(network)) return {};
  const exec = { command: ["/bin/sh", `${scriptsFolder}/liveness.sh`] };
  return { livenessProbe: { exec, httpGet: removed, timeoutSeconds: answerSeconds } };
}

/** Where a container finds the new release. */
export const nextMounts = (network: Network): { volumeMounts?: VolumeMount[] } =>
  planOf(network) ? { volumeMounts: [{ name: "next", mountPath: nextFolder, readOnly: true }] } : {};

/** Where the sidecar in the pod finds both the new release, and which one the node runs: its own files are elsewhere. */
export const sidecarMounts = (network: Network): VolumeMount[] => [
  ...(nextMounts(network).volumeMounts ?? []),
  ...(planOf(network) ? [{ name: "tmp", mountPath: nodeNotes, readOnly: true }] : []),
];

/** The image of the new release, which the kubelet pulls before the pod starts: long before the chain needs it. */
export function nextVolumes(network: Network): { volumes?: ImageVolume[] } {
  const plan = planOf(network);
  if (!plan) return {};
  const reference = inFull(imageReference({ ...plan, repository: network.image.repository }));
  return { volumes: [{ name: "next", image: { reference, pullPolicy: "IfNotPresent" } }] };
}

/**
 * An image's name with its registry; without one it is Docker Hub's. Kustomize's `images` sets the tag of the running release
 * wherever it finds the pods' image by its short name, also in a volume.
 */
const inFull = (reference: string) => (reference.includes("/") ? reference : `docker.io/library/${reference}`);
