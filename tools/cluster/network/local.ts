import { resolve } from "node:path";
import { loadSources } from "generators/load.ts";
import type { Network } from "generators/network/schema.ts";
import type { ClusterLocation } from "../location.ts";

const sources = await loadSources(resolve(import.meta.dirname, "../../.."));

/**
 * The network that a cluster on one's own machine runs: the one of its location.
 *
 * @throws {Error} when it is not declared any more.
 */
export function networkOn({ network: name = "local" }: Pick<ClusterLocation, "network">): Network {
  const source = sources.find(({ network }) => network.name === name);
  if (!source) throw new Error(`generators/networks declares no network ${name}`);
  return source.network;
}

/** The network that such a cluster runs where nobody names another one. */
export const local = networkOn({});
