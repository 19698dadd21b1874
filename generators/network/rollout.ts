import type { Network } from "./schema.ts";

/**
 * How many of n equal validators may be down while more than two thirds of the power stays up, as CometBFT needs for
 * a block: 1 of 4 to 6, 33 of 100. Below four validators any stop halts the chain.
 */
export const tolerated = (validators: number) => Math.ceil(validators / 3) - 1;

/** Validators that may restart together. */
export function batchSize({ rollout, validators }: Pick<Network, "rollout" | "validators">): number {
  if (rollout === "one-at-a-time") return 1;
  return rollout === "all-at-once" ? validators.length : rollout.batch;
}

/** Argo CD sync wave of a validator. Wave 0 holds what validators need: Services, ConfigMaps, Secrets, policies. */
export const validatorWave = (network: Pick<Network, "rollout" | "validators">, index: number) =>
  Math.floor(index / batchSize(network)) + 1;

/**
 * Wave of what must never hold a validator back, because its health depends on the world outside: the sidecar and the
 * Ingresses.
 */
export const lastWave = (network: Pick<Network, "rollout" | "validators">) =>
  validatorWave(network, network.validators.length - 1) + 1;

/** The annotation that puts an object into a wave; without it an object is in wave 0. */
export const waveAnnotation = "argocd.argoproj.io/sync-wave";
export const inWave = (wave: number) => ({ [waveAnnotation]: String(wave) });
