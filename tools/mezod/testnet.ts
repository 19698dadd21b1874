import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { mezodPath } from "./program.ts";

/** What a test network is like. */
export interface TestnetOptions {
  validators: number;
  chainId: string;
  /** The name under which peers dial validator i. */
  host: (index: number) => string;
}

// What an account holds at genesis, and how much of it a validator bonds, in abtc.
const balance = "1000000000000000000000abtc";
const stake = "100000000000000000000abtc";

/**
 * Makes a folder of testnet artifacts as the chain's own script does, with fresh keys and the real program: a home for
 * each validator and for the faucet, genesis.json and seeds.txt. The genesis has x/staking validators, for the program
 * is a stand-in without x/poa.
 */
export async function makeTestnet(folder: string, { validators, chainId, host }: TestnetOptions): Promise<void> {
  const mezod = await mezodPath();
  const names = Array.from({ length: validators }, (_, i) => `mezo-node-${i}`);
  const homes = await Promise.all([...names, "mezo-faucet"].map((name) => makeHome(mezod, folder, name, chainId)));
  const [first] = homes;
  if (!first) throw new Error("a network has at least one validator");

  setDenominations(join(first.home, "config/genesis.json"));
  for (const { address } of homes) {
    await $({ quiet: true })`${mezod} genesis add-genesis-account ${address} ${balance} --home ${first.home}`;
  }
  const accounts = readFileSync(join(first.home, "config/genesis.json"));
  mkdirSync(join(first.home, "config/gentx"));
  const nodes = homes.slice(0, validators);
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
  renameSync(join(first.home, "config/genesis.json"), join(folder, "genesis.json"));

  const ids = await Promise.all(
    nodes.map(({ home }) => $({ quiet: true })`${mezod} comet show-node-id --home ${home}`),
  );
  writeFileSync(join(folder, "seeds.txt"), ids.map((id, i) => `${id.stdout.trim()}@${host(i)}:26656\n`).join(""));
  for (const { home, name } of homes) tidy(home, name);
}

interface Home {
  name: string;
  home: string;
  password: string;
  address: string;
}

async function makeHome(mezod: string, folder: string, name: string, chainId: string): Promise<Home> {
  const home = join(folder, name);
  const password = randomBytes(32).toString("hex");
  await $({ quiet: true })`${mezod} config set client chain-id ${chainId} --home ${home}`;
  await $({ quiet: true })`${mezod} config set client keyring-backend file --home ${home}`;
  const added = await $({
    quiet: true,
    input: `${password}\n${password}\n`,
  })`${mezod} keys add ${name}-key --home ${home} --output json`;
  const { address, mnemonic } = JSON.parse(added.stdout);
  await $({
    quiet: true,
    input: `${mnemonic}\n`,
  })`${mezod} init ${name} --chain-id ${chainId} --recover --home ${home}`;
  writeFileSync(join(home, "keyring_password.txt"), password, { mode: 0o600 });
  writeFileSync(join(home, "mnemonic.txt"), mnemonic, { mode: 0o600 });
  return { name, home, password, address };
}

/** Makes the home of a node more, with keys that are new; its node id. */
export async function addNode(folder: string, name: string, chainId: string): Promise<string> {
  const mezod = await mezodPath();
  const { home } = await makeHome(mezod, folder, name, chainId);
  tidy(home, name);
  return (await $({ quiet: true })`${mezod} comet show-node-id --home ${home}`).stdout.trim();
}

/** Makes a validator's keyring anew: the same key, behind another password. */
export async function renewKeyring(home: string, name: string): Promise<void> {
  const mezod = await mezodPath();
  const mnemonic = readFileSync(join(home, "mnemonic.txt"), "utf8");
  const password = randomBytes(32).toString("hex");
  rmSync(join(home, "keyring-file"), { recursive: true });
  const options = { quiet: true, input: `${mnemonic}\n${password}\n${password}\n` };
  await $(options)`${mezod} keys add ${name}-key --recover --home ${home}`;
  writeFileSync(join(home, "keyring_password.txt"), password, { mode: 0o600 });
}

/** One coin for everything, as on Mezo. */
function setDenominations(file: string): void {
  const genesis = JSON.parse(readFileSync(file, "utf8"));
  const { staking, mint, evm, gov, bank } = genesis.app_state;
  staking.params.bond_denom = "abtc";
  mint.params.mint_denom = "abtc";
  evm.params.evm_denom = "abtc";
  for (const deposit of [gov.params.min_deposit, gov.params.expedited_min_deposit]) deposit[0].denom = "abtc";
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

/** Leaves of a home what the chain's script leaves; the faucet's is an account alone. */
function tidy(home: string, name: string): void {
  for (const file of ["config/genesis.json", "config/gentx"])
    rmSync(join(home, file), { recursive: true, force: true });
  if (name !== "mezo-faucet") return;
  for (const folder of ["config", "data"]) rmSync(join(home, folder), { recursive: true });
}
