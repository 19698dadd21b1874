import type { Network } from "./schema.ts";

type Rolled = Pick<Network, "rollout" | "validators">;

/**
 * How many validators of equal power may be down while more than two thirds of the power stays up, which CometBFT
 * needs for a block: 1 of 4 to 6, 33 of 100. With fewer than four validators any stop halts the chain.
 */
export const tolerated = (validators: number) => Math.ceil(validators / 3) - 1;

/** How many validators may restart together. */
export function batchSize({ rollout, validators }: Rolled): number {
  if (rollout === "one-at-a-time") return 1;
  return rollout === "all-at-once" ? validators.length : rollout.batch;
}

/** The validators in the order in which they restart, as indexes: first those of `rollout.order`. */
function restartOrder({ rollout, validators }: Rolled): number[] {
  const first = typeof rollout === "string" ? [] : rollout.order;
  const rest = validators.map(({ index }) => index).filter((index) => !first.includes(index));
  return [...first, ...rest];
}

/** The batches in which the validators restart, as indexes. */
export function batches(network: Rolled): number[][] {
  const order = restartOrder(network);
  const size = batchSize(network);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/**
 * Argo CD's sync waves of the batch at a position: first its gate, then its validators, at last, beside the next gate, the
 * note that they are rolled out. What validators need is in wave 0: Services, ConfigMaps, Secrets, policies.
 */
export const wavesOf = (position: number) => ({
  gate: 2 * position + 1,
  validators: 2 * position + 2,
  done: 2 * position + 3,
});

/** The sync wave of a validator. */
export const validatorWave = (network: Rolled, index: number) =>
  wavesOf(Math.floor(restartOrder(network).indexOf(index) / batchSize(network))).validators;

/**
 * The wave of the sidecar and the Ingresses. Their health depends on the outside world, so they come after every
 * validator and never delay one.
 */
export const lastWave = (network: Rolled) => wavesOf(batches(network).length - 1).done + 1;

/** Whether gates stand before the batches: not where all validators restart at once, which halts the chain anyway. */
export const isGated = ({ rollout, argocd }: Pick<Network, "rollout" | "argocd">) =>
  argocd !== undefined && rollout !== "all-at-once";

/** The annotation that puts an object into a wave. Objects without it are in wave 0. */
export const waveAnnotation = "argocd.argoproj.io/sync-wave";
export const inWave = (wave: number) => ({ [waveAnnotation]: String(wave) });
