import { consensusPubKey, operatorAddress } from "generators/mezod/address.ts";
import { composeGenesis } from "generators/mezod/genesis.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { staging } from "./networks.ts";

/** The genesis that a network would compose with staging's parameters, as JSON that a test may break. */
export function genesisOf(network: Network) {
  if (staging.genesis.kind !== "composed") throw new Error("staging composes its genesis");
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, which tests break as they like.
  return JSON.parse(JSON.stringify(composeGenesis(network, staging.genesis))) as any;
}

/** A validator as x/poa's genesis has it. */
export const poaValidator = ({ accountAddress, consensusPubKey: key, moniker }: Validator, prefix = "mezo") => ({
  operator_bech32: operatorAddress(prefix, accountAddress),
  cons_pub_key_bech32: consensusPubKey(prefix, key),
  description: { moniker },
});

/** A validator as x/staking's genesis has it. */
export const stakingValidator = ({ accountAddress, consensusPubKey: key, moniker }: Validator, tokens = "1") => ({
  operator_address: operatorAddress("mezo", accountAddress),
  consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key },
  jailed: false,
  status: "BOND_STATUS_BONDED",
  tokens,
  description: { moniker },
});

/** The transaction that makes a validator, as x/genutil's genesis has it. */
export const genesisTransaction = ({ accountAddress, consensusPubKey: key, moniker }: Validator, amount = "1") => ({
  body: {
    messages: [
      {
        validator_address: operatorAddress("mezo", accountAddress),
        pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key },
        value: { denom: "abtc", amount },
        description: { moniker },
      },
    ],
  },
});

/** A validator as CometBFT's own list has it. */
export const cometValidator = ({ consensusPubKey: value, moniker }: Validator, power = "1") => ({
  pub_key: { type: "tendermint/PubKeyEd25519", value },
  power,
  name: moniker,
});
