import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { loadSources } from "generators/load.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";

/** The networks that this repository declares. */
const sources = await loadSources(resolve(import.meta.dirname, "../.."));
const declared = (name: string) => sources.find(({ network }) => network.name === name)?.network as Network;
export const staging = declared("staging");
export const local = declared("local");

const hash = (text: string) => createHash("sha256").update(text);

/** Well-formed public facts of validators whose keys nobody holds. */
export const inventedValidators = (count: number, app = "mezo"): NetworkInput["validators"] =>
  Array.from({ length: count }, (_, index) => {
    const accountAddress = hash(`account ${index}`).digest("hex").slice(0, 40);
    return {
      index,
      moniker: `${app}-node-${index}`,
      nodeId: hash(`node ${index}`).digest("hex").slice(0, 40),
      accountAddress,
      keyringFile: `${accountAddress}.address`,
      consensusPubKey: hash(`consensus ${index}`).digest("base64"),
      host: `${app}-node-${index}.example.org`,
    };
  });

/** Staging with another number of validators and any further change. */
export const manyValidators = (count: number, change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({
    ...staging,
    genesis: { ...staging.genesis, params: { poa: { max_validators: count } } } as NetworkInput["genesis"],
    validators: inventedValidators(count),
    gke: { ...(staging.gke as NonNullable<Network["gke"]>), nodes: count },
    ...change,
  });
