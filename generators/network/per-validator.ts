import type { Network } from "./schema.ts";

type Own = Network["perValidator"][number];

/** What a network says of one validator otherwise than of the rest. */
export const ownOf = ({ perValidator }: Pick<Network, "perValidator">, index: number): Own | undefined =>
  perValidator.find(({ validator }) => validator === index);

/** The volume of a validator: the network's, with what the network says of this one. */
export function storageOf(network: Pick<Network, "storage" | "perValidator">, index: number): Network["storage"] {
  const { size, className, accessMode } = ownOf(network, index)?.storage ?? {};
  return {
    ...network.storage,
    ...(size && { size }),
    ...(className && { className }),
    ...(accessMode && { accessMode }),
  };
}

/** What a validator that takes the chain's state from peers is told of it; undefined for any other. */
export const stateSyncOf = ({ stateSync }: Pick<Network, "stateSync">, index: number): Network["stateSync"] =>
  stateSync?.validators.includes(index) ? stateSync : undefined;
