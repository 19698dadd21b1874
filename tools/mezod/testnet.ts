import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { mezodPath } from "./program.ts";

/** What a test network is like. */
export interface TestnetOptions {
  validators: number;
  chainId: string;
  /** The name under which peers dial the validator of that index. */
  host: (index: number) => string;
}

/** The home folder of a node or of the faucet. */
export interface Home {
  name: string;
  home: string;
  password: string;
  address: string;
  nodeId: string;
}

// What each account holds at genesis, and how much of it a validator bonds, in abtc.
const balance = { denom: "abtc", amount: "1000000000000000000000" };
const stake = "100000000000000000000abtc";

/**
 * Makes a folder of testnet artifacts as the chain's own script does, with fresh keys and the real program: a home for
 * each validator and for the faucet, genesis.json and seeds.txt. The genesis has validators of x/staking, because mezod's
 * stand-in has no x/poa.
 */
export async function makeTestnet(folder: string, { validators, chainId, host }: TestnetOptions): Promise<void> {
  const mezod = await mezodPath();
  const names = Array.from({ length: validators }, (_, i) => `mezo-node-${i}`);
  const homes = await Promise.all([...names, "mezo-faucet"].map((name) => makeHome(folder, name, chainId)));
  const nodes = homes.slice(0, validators);
  await makeGenesis(mezod, folder, homes, nodes, chainId);
  writeFileSync(join(folder, "seeds.txt"), nodes.map(({ nodeId }, i) => `${nodeId}@${host(i)}:26656\n`).join(""));
  for (const home of homes) tidyHome(home);
}

/** Collects a transaction of each validator in the first one's home, and moves the genesis out of there. */
async function makeGenesis(mezod: string, folder: string, homes: Home[], nodes: Home[], chainId: string) {
  const [first] = homes;
  if (!first) throw new Error("a network has at least one validator");
  const genesis = join(first.home, "config/genesis.json");
  setParameters(genesis);
  const list = join(folder, "accounts.json");
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
  renameSync(genesis, join(folder, "genesis.json"));
}

/** Makes a home with new keys below a folder. */
export async function makeHome(folder: string, name: string, chainId: string): Promise<Home> {
  const mezod = await mezodPath();
  const home = join(folder, name);
  const password = randomBytes(32).toString("hex");
  const added = await $({
    quiet: true,
    input: `${password}\n${password}\n`,
  })`${mezod} keys add ${name}-key --keyring-backend file --home ${home} --output json`;
  const { address, mnemonic } = JSON.parse(added.stdout);
  const made = await $({
    quiet: true,
    input: `${mnemonic}\n`,
  })`${mezod} init ${name} --chain-id ${chainId} --recover --home ${home}`;
  const nodeId = /"node_id": *"([0-9a-f]{40})"/.exec(made.stderr)?.[1];
  if (!nodeId) throw new Error(`mezod init names no node id for ${name}`);
  setClient(join(home, "config/client.toml"), chainId);
  writeFileSync(join(home, "keyring_password.txt"), password, { mode: 0o600 });
  writeFileSync(join(home, "mnemonic.txt"), mnemonic, { mode: 0o600 });
  return { name, home, password, address, nodeId };
}

/** What `mezod config set client` would set, without a start of the program for each key. */
function setClient(file: string, chainId: string): void {
  const settings = { "chain-id": chainId, "keyring-backend": "file" };
  const lines = Object.entries(settings).reduce(
    (text, [key, value]) => text.replace(new RegExp(`^${key} = .*$`, "m"), `${key} = "${value}"`),
    readFileSync(file, "utf8"),
  );
  writeFileSync(file, lines);
}

/** What is as on Mezo: one coin for everything, and no validator that leaves the set because it was away. */
function setParameters(file: string): void {
  const genesis = JSON.parse(readFileSync(file, "utf8"));
  const { staking, mint, evm, gov, bank, slashing } = genesis.app_state;
  staking.params.bond_denom = "abtc";
  mint.params.mint_denom = "abtc";
  evm.params.evm_denom = "abtc";
  for (const deposit of [gov.params.min_deposit, gov.params.expedited_min_deposit]) deposit[0].denom = "abtc";
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

/** Keeps of a home what the chain's own script keeps; the faucet is no more than an account. */
export function tidyHome({ home, name }: Home): void {
  for (const file of ["config/genesis.json", "config/gentx"])
    rmSync(join(home, file), { recursive: true, force: true });
  if (name !== "mezo-faucet") return;
  for (const folder of ["config", "data"]) rmSync(join(home, folder), { recursive: true });
}
