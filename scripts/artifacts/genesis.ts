import { decodeAddress, decodeConsensusPubKey } from "generators/mezod/address.ts";

/** A validator of a genesis. */
export interface GenesisValidator {
  moniker: string;
  /** Consensus key's public half, base64. */
  consensusPubKey: string;
  /** Operator's account address, hex. */
  operator: string;
}

/** What is read of a genesis. */
export interface GenesisFacts {
  chainId: string;
  validators: GenesisValidator[];
  /** Account addresses in hex. */
  accounts: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a genesis is foreign JSON, checked where it is used.
type Json = any;

/**
 * The facts of a genesis: validators of x/poa, of x/staking, or those that x/genutil's transactions will make.
 *
 * @throws {Error} when the text is not a genesis, or a key in it is not a key.
 */
export function genesisFacts(text: string): GenesisFacts {
  const genesis: Json = JSON.parse(text);
  const state: Json = genesis?.app_state;
  if (typeof genesis?.chain_id !== "string" || typeof state !== "object") throw new Error("no chain_id or app_state");
  return {
    chainId: genesis.chain_id,
    validators: [...poaValidators(state), ...stakingValidators(state), ...genesisTransactions(state)],
    accounts: list(state.auth?.accounts)
      .map((account) => account.base_account?.address ?? account.address)
      .filter((address) => typeof address === "string")
      .map(decodeAddress),
  };
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? value : []);

const poaValidators = (state: Json): GenesisValidator[] =>
  list(state.poa?.validators).map(({ operator_bech32, cons_pub_key_bech32, description }) => ({
    moniker: description?.moniker ?? "",
    consensusPubKey: decodeConsensusPubKey(cons_pub_key_bech32),
    operator: decodeAddress(operator_bech32),
  }));

const stakingValidators = (state: Json): GenesisValidator[] =>
  list(state.staking?.validators).map(({ operator_address, consensus_pubkey, description }) => ({
    moniker: description?.moniker ?? "",
    consensusPubKey: consensus_pubkey.key,
    operator: decodeAddress(operator_address),
  }));

const genesisTransactions = (state: Json): GenesisValidator[] =>
  list(state.genutil?.gen_txs)
    .flatMap((transaction) => list(transaction.body?.messages))
    .map(({ validator_address, pubkey, description }) => ({
      moniker: description?.moniker ?? "",
      consensusPubKey: pubkey.key,
      operator: decodeAddress(validator_address),
    }));

/** Where two JSON values first differ, as a path such as `app_state.bank.supply[0].amount`; undefined when nowhere. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path || "the whole";
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  for (const key of keys) {
    const at = Array.isArray(a) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    const found = firstDifference((a as Json)[key], (b as Json)[key], at);
    if (found) return found;
  }
  return Array.isArray(a) === Array.isArray(b) ? undefined : path || "the whole";
}
