import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "../shell.ts";
import { ownMezod } from "./own.ts";
import { mezodPath } from "./program.ts";

/** The home folder of a node or of the faucet. */
export interface Home {
  name: string;
  home: string;
  password: string;
  /** The account's, in bech32. */
  address: string;
}

/** What each account holds at genesis. */
export const balance = { denom: "abtc", amount: "1000000000000000000000" };

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
  // Otherwise a public network's chain id brings that network's genesis.
  const fresh = ownMezod("MEZOD")?.knowsNetworks ? ["--ignore-predefined"] : [];
  await $({
    quiet: true,
    input: `${mnemonic}\n`,
  })`${mezod} init ${name} --chain-id ${chainId} --recover ${fresh} --home ${home}`;
  setClient(join(home, "config/client.toml"), chainId);
  writeFileSync(join(home, "keyring_password.txt"), password, { mode: 0o600 });
  writeFileSync(join(home, "mnemonic.txt"), mnemonic, { mode: 0o600 });
  return { name, home, password, address };
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

/** The node id that a home's key makes. */
export async function nodeId({ home }: Home): Promise<string> {
  // The chain's own node knows the command by this name only.
  return (await $({ quiet: true })`${await mezodPath()} tendermint show-node-id --home ${home}`).stdout.trim();
}

/** Keeps of a home what the chain's own script keeps; the faucet is no more than an account. */
export function tidyHome({ home, name }: Home): void {
  for (const file of ["config/genesis.json", "config/gentx", "config/genval"])
    rmSync(join(home, file), { recursive: true, force: true });
  if (name !== "mezo-faucet") return;
  for (const folder of ["config", "data"]) rmSync(join(home, folder), { recursive: true });
}
