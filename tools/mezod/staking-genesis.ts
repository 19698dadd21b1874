import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "../shell.ts";
import { balance, type Home } from "./home.ts";

// How much of its balance a validator bonds.
const stake = "100000000000000000000abtc";
const stakingPrecompile = "0x0000000000000000000000000000000000000800";

/**
 * Makes the genesis of the stand-in's chains, whose validators are those of x/staking: collects a transaction of each in the
 * first one's home.
 *
 * @param homes of the validators and of other accounts.
 * @returns its path.
 */
export async function makeStakingGenesis(
  mezod: string,
  homes: readonly [Home, ...Home[]],
  nodes: readonly Home[],
  chainId: string,
): Promise<string> {
  const [first] = homes;
  const genesis = join(first.home, "config/genesis.json");
  setParameters(genesis);
  const list = join(first.home, "accounts.json");
  writeFileSync(list, JSON.stringify(homes.map(({ address }) => ({ address, coins: [balance] }))));
  await $({ quiet: true })`${mezod} genesis bulk-add-genesis-account ${list} --home ${first.home}`;
  rmSync(list);
  const accounts = readFileSync(genesis);
  mkdirSync(join(first.home, "config/gentx"));
  await Promise.all(
    nodes.map(async ({ name, home, password }) => {
      writeFileSync(join(home, "config/genesis.json"), accounts);
      const transaction = join(first.home, "config/gentx", `${name}.json`);
      const options = { quiet: true, input: `${password}\n${password}\n` };
      await $(
        options,
      )`${mezod} genesis gentx ${name}-key ${stake} --chain-id ${chainId} --home ${home} --output-document ${transaction}`;
    }),
  );
  await $({ quiet: true })`${mezod} genesis collect-gentxs --home ${first.home}`;
  await $({ quiet: true })`${mezod} genesis validate-genesis --home ${first.home}`;
  return genesis;
}

/** What is as on Mezo: one coin for everything, and no validator that leaves the set because it was away. */
function setParameters(file: string): void {
  const genesis = JSON.parse(readFileSync(file, "utf8"));
  const { staking, mint, evm, gov, bank, slashing } = genesis.app_state;
  staking.params.bond_denom = "abtc";
  mint.params.mint_denom = "abtc";
  evm.params.evm_denom = "abtc";
  // In place of x/poa's precompile, by which a transaction makes a validator.
  evm.params.active_static_precompiles = [stakingPrecompile];
  for (const deposit of [gov.params.min_deposit, gov.params.expedited_min_deposit]) deposit[0].denom = "abtc";
  // In place of x/poa's owner, who plans an upgrade by one transaction: validators vote, and nobody waits for two days.
  Object.assign(gov.params, { voting_period: "20s", expedited_voting_period: "10s" });
  // x/poa jails nobody. Here a validator would be jailed once it has missed half of so many blocks.
  slashing.params.signed_blocks_window = "100000000";
  bank.denom_metadata = [
    {
      base: "abtc",
      display: "btc",
      name: "btc",
      symbol: "BTC",
      denom_units: [
        { denom: "abtc", exponent: 0 },
        { denom: "btc", exponent: 18 },
      ],
    },
  ];
  writeFileSync(file, JSON.stringify(genesis, null, 2));
}
