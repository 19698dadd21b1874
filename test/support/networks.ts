import { createHash } from "node:crypto";
import { defineNetwork, type Network, type NetworkInput } from "generators/network/schema.ts";
import staging from "generators/networks/staging.ts";

const hash = (text: string) => createHash("sha256").update(text);

/** Well-formed public facts of validators nobody holds keys for. */
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

/** Staging with another number of validators, and any other change. */
export const manyValidators = (count: number, change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({
    ...staging,
    genesis: { ...staging.genesis, params: { poa: { max_validators: count } } } as NetworkInput["genesis"],
    validators: inventedValidators(count),
    ...change,
  });
