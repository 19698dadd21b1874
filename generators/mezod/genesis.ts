import { nodeName } from "../network/names.ts";
import type { Network, Validator } from "../network/schema.ts";
import { accountAddress, consensusPubKey, operatorAddress } from "./address.ts";

type ComposedGenesis = Extract<Network["genesis"], { kind: "composed" }>;
type Params = Record<string, Record<string, unknown>>;

// keccak256 of the empty string: the code hash of an account without code.
const noCode = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

/** The parameters of mezod's modules at genesis (v0.2). A network's `genesis.params` replaces single values. */
export const moduleParams = ({ denom }: Network["chain"]): Params => ({
  auth: {
    max_memo_characters: "256",
    tx_sig_limit: "7",
    tx_size_cost_per_byte: "10",
    sig_verify_cost_ed25519: "590",
    sig_verify_cost_secp256k1: "1000",
  },
  bank: { send_enabled: [], default_send_enabled: true },
  bridge: {},
  evm: {
    evm_denom: denom,
    enable_create: true,
    enable_call: true,
    extra_eips: [],
    chain_config: {
      homestead_block: "0",
      dao_fork_block: "0",
      dao_fork_support: true,
      eip150_block: "0",
      eip150_hash: `0x${"0".repeat(64)}`,
      eip155_block: "0",
      eip158_block: "0",
      byzantium_block: "0",
      constantinople_block: "0",
      petersburg_block: "0",
      istanbul_block: "0",
      muir_glacier_block: "0",
      berlin_block: "0",
      london_block: "0",
      arrow_glacier_block: "0",
      gray_glacier_block: "0",
      merge_netsplit_block: "0",
      shanghai_time: "0",
      cancun_time: "0",
    },
    allow_unprotected_txs: false,
  },
  feemarket: {
    no_base_fee: false,
    base_fee_change_denominator: 8,
    elasticity_multiplier: 2,
    enable_height: "0",
    base_fee: "1000000000",
    min_gas_price: "0.000000000000000000",
    min_gas_multiplier: "0.500000000000000000",
  },
  poa: { max_validators: 150 },
});

/** CometBFT's consensus parameters at genesis. A network's `genesis.consensus` replaces single values. */
export const consensusParams: Params = {
  block: { max_bytes: "22020096", max_gas: "10000000" },
  evidence: { max_age_num_blocks: "100000", max_age_duration: "172800000000000", max_bytes: "1048576" },
  validator: { pub_key_types: ["ed25519"] },
  version: { app: "0" },
  // The bridge needs vote extensions from the first block on.
  abci: { vote_extensions_enable_height: "1" },
};

/** The defaults with a network's own parameters laid over them, group by group. */
const withParams = (defaults: Params, own: Params): Params =>
  Object.fromEntries(Object.entries(defaults).map(([group, params]) => [group, { ...params, ...own[group] }]));

/**
 * A network's genesis as the chain's own tools compose it: accounts in the order in which they were added (validators
 * by index, then the others), balances by address bytes, PoA validators by node id, the first validator as PoA owner.
 */
export const composeGenesis = (network: Network, genesis: ComposedGenesis) => ({
  app_name: "mezod",
  app_version: genesis.appVersion,
  genesis_time: genesis.time,
  chain_id: network.chain.id,
  initial_height: 1,
  app_hash: null,
  app_state: appState(network, genesis),
  consensus: { params: withParams(consensusParams, genesis.consensus) },
});

function appState(network: Network, genesis: ComposedGenesis) {
  const { chain, validators } = network;
  const params = withParams(moduleParams(chain), genesis.params);
  const holders = [...validators, ...genesis.accounts].map((holder) => holder.accountAddress);
  const addresses = new Map(holders.map((holder) => [holder, accountAddress(chain.bech32Prefix, holder)]));
  const supply = BigInt(genesis.balance) * BigInt(holders.length);
  const first = validators[0] as (typeof validators)[number];
  return {
    auth: {
      params: params.auth,
      accounts: holders.map((holder, number) => account(addresses.get(holder), number)),
    },
    authz: { authorization: [] },
    bank: {
      params: params.bank,
      balances: holders.toSorted().map((holder) => ({
        address: addresses.get(holder),
        coins: [{ denom: chain.denom, amount: genesis.balance }],
      })),
      supply: [{ denom: chain.denom, amount: String(supply) }],
      denom_metadata: [],
      send_enabled: [],
    },
    bridge: { params: params.bridge },
    crisis: { constant_fee: { denom: chain.denom, amount: "1000" } },
    evm: { accounts: [], params: params.evm },
    feemarket: { params: params.feemarket, block_gas: "0" },
    poa: {
      params: params.poa,
      owner: accountAddress(chain.bech32Prefix, first.accountAddress),
      validators: validators
        .toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
        .map((each) => poaValidator(network, each)),
    },
    upgrade: {},
  };
}

const account = (address: string | undefined, number: number) => ({
  "@type": "/ethermint.types.v1.EthAccount",
  base_account: { address, pub_key: null, account_number: String(number), sequence: "0" },
  code_hash: noCode,
});

const poaValidator = (network: Network, validator: Validator) => ({
  operator_bech32: operatorAddress(network.chain.bech32Prefix, validator.accountAddress),
  cons_pub_key_bech32: consensusPubKey(network.chain.bech32Prefix, validator.consensusPubKey),
  description: {
    moniker: nodeName(network, validator.index),
    identity: "",
    website: "",
    security_contact: "",
    details: "",
  },
});
