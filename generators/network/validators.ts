import { signerAddress } from "../mezod/address.ts";
import { internalName } from "./names.ts";
import type { Network, Validator } from "./schema.ts";

/** Whether a validator must not run for now. */
export const isPaused = ({ paused }: Pick<Network, "paused">, index: number) =>
  paused.some(({ validator }) => validator === index);

/** Whether a validator's pod sleeps, and runs no node. */
export const inMaintenance = ({ maintenance }: Pick<Network, "maintenance">, index: number) =>
  maintenance.some(({ validator }) => validator === index);

/** The validators whose nodes must not run for now. */
export const down = ({ paused, maintenance }: Pick<Network, "paused" | "maintenance">): number[] =>
  [...paused, ...maintenance].map(({ validator }) => validator);

/** The validators that run. */
export const running = (network: Network): Validator[] =>
  network.validators.filter(({ index }) => !down(network).includes(index));

// A few answers say where the chain is. With all of them a hundred validators would each list a hundred hosts.
const enough = 20;

/** Some of a list, evenly over it; all where there are not many. */
export const sample = <Item>(items: readonly Item[]): Item[] =>
  items.length <= enough
    ? [...items]
    : Array.from({ length: enough }, (_, i) => items[Math.floor((i * items.length) / enough)] as Item);

/** A validator as scripts take it: "<host>=<signer>", its internal Service and the address with which it signs. */
export const hostAndSigner = (network: Network, { index, consensusPubKey }: Validator) =>
  `${internalName(network, index)}=${signerAddress(consensusPubKey)}`;
