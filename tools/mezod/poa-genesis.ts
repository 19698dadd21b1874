import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "../shell.ts";
import { balance, type Home } from "./home.ts";

// biome-ignore lint/suspicious/noExplicitAny: a genesis as the node writes it.
type Json = any;

/** tBTC on Sepolia, which the bridge of the testnet mints BTC for. */
export const bridgedBitcoin = "0x517f2982701695D4E52f1ECFBEf3ba31Df470161";

/**
 * Makes the genesis of a chain of the chain's own node, as its own script does: collects what each validator of x/poa says
 * of itself in the first one's home.
 *
 * @param homes of the validators and of other accounts; the first account owns x/poa.
 * @param host the name under which peers dial the validator of that index.
 * @returns its path.
 */
export async function makePoaGenesis(
  mezod: string,
  homes: readonly [Home, ...Home[]],
  nodes: readonly Home[],
  host: (index: number) => string,
): Promise<string> {
  const [first] = homes;
  for (const [index, { name, home, password }] of nodes.entries()) {
    const options = { quiet: true, input: `${password}\n${password}\n` };
    await $(options)`${mezod} genesis genval ${name}-key --ip ${host(index)} --home ${home}`;
  }
  for (const { address } of homes) {
    await $({
      quiet: true,
    })`${mezod} genesis add-account ${address} ${balance.amount}${balance.denom} --home ${first.home}`;
  }
  for (const { home } of nodes) gather(home, first.home);
  await $({ quiet: true })`${mezod} genesis collect-genvals --home ${first.home}`;
  const genesis = join(first.home, "config/genesis.json");
  const collected = JSON.parse(readFileSync(genesis, "utf8"));
  writeFileSync(genesis, JSON.stringify(withOwner(collected, first.address), null, 2));
  await $({ quiet: true })`${mezod} genesis validate --home ${first.home}`;
  return genesis;
}

/** Moves what `genval` wrote in a home to another one's. */
function gather(from: string, to: string): void {
  const [source, target] = [from, to].map((home) => join(home, "config/genval")) as [string, string];
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(source)) renameSync(join(source, file), join(target, file));
}

/** A collected genesis with what a chain needs besides: an owner of x/poa, one coin for everything, and its bridge. */
export function withOwner(genesis: Json, owner: string): Json {
  const { crisis, evm, poa, bridge, bank } = genesis.app_state;
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      crisis: { ...crisis, constant_fee: { ...crisis.constant_fee, denom: "abtc" } },
      evm: { ...evm, params: { ...evm.params, evm_denom: "abtc" } },
      poa: { ...poa, owner },
      bridge: withSupply(bridge, bank),
    },
  };
}

/** The bridge of releases that ask for a token and halt where its supply is not the bank's. Earlier ones have neither. */
function withSupply(bridge: Json, { supply }: Json): Json {
  const minted = supply.find(({ denom }: Json) => denom === "abtc")?.amount ?? "0";
  return {
    ...bridge,
    ...("source_btc_token" in bridge && { source_btc_token: bridgedBitcoin }),
    ...("initial_btc_supply" in bridge && { initial_btc_supply: minted }),
  };
}
