import type { Network } from "./schema.ts";

/**
 * How many validators of equal power may be down while more than two thirds of the power stays up, which CometBFT
 * needs for a block: 1 of 4 to 6, 33 of 100. With fewer than four validators any stop halts the chain.
 */
export const tolerated = (validators: number) => Math.ceil(validators / 3) - 1;

/** How many validators may restart together. */
export function batchSize({ rollout, validators }: Pick<Network, "rollout" | "validators">): number {
  if (rollout === "one-at-a-time") return 1;
  return rollout === "all-at-once" ? validators.length : rollout.batch;
}

/** The Argo CD sync wave of a validator. What validators need is in wave 0: Services, ConfigMaps, Secrets, policies. */
export const validatorWave = (network: Pick<Network, "rollout" | "validators">, index: number) =>
  Math.floor(index / batchSize(network)) + 1;

/**
 * The wave of the sidecar and the Ingresses. Their health depends on the outside world, so they come after every
 * validator and never delay one.
 */
export const lastWave = (network: Pick<Network, "rollout" | "validators">) =>
  validatorWave(network, network.validators.length - 1) + 1;

/** The annotation that puts an object into a wave. Objects without it are in wave 0. */
export const waveAnnotation = "argocd.argoproj.io/sync-wave";
export const inWave = (wave: number) => ({ [waveAnnotation]: String(wave) });
