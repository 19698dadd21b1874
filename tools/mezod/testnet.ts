import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome, nodeId, tidyHome } from "./home.ts";
import { makePoaGenesis } from "./poa-genesis.ts";
import { hasPoa, mezodPath } from "./program.ts";
import { makeStakingGenesis } from "./staking-genesis.ts";

/** What a test network is like. */
export interface TestnetOptions {
  validators: number;
  /** What its validators are called after; `mezo` without it. */
  app?: string;
  chainId: string;
  /** The name under which peers dial the validator of that index. */
  host: (index: number) => string;
}

/**
 * Makes a folder of testnet artifacts as the chain's own script does, with fresh keys and the real program: a home for
 * each validator and for the faucet, genesis.json and seeds.txt. With the stand-in, which has no x/poa, the genesis has
 * validators of x/staking.
 */
export async function makeTestnet(
  folder: string,
  { app = "mezo", validators, chainId, host }: TestnetOptions,
): Promise<void> {
  const mezod = await mezodPath();
  const names = Array.from({ length: validators }, (_, i) => `${app}-node-${i}`);
  const [first, ...others] = await Promise.all(
    [...names, "mezo-faucet"].map((name) => makeHome(folder, name, chainId)),
  );
  if (!first || validators === 0) throw new Error("a network has at least one validator");
  const homes = [first, ...others] as const;
  const nodes = homes.slice(0, validators);
  const genesis = hasPoa()
    ? await makePoaGenesis(mezod, homes, nodes, host)
    : await makeStakingGenesis(mezod, homes, nodes, chainId);
  renameSync(genesis, join(folder, "genesis.json"));
  const ids = await Promise.all(nodes.map(nodeId));
  writeFileSync(join(folder, "seeds.txt"), ids.map((id, i) => `${id}@${host(i)}:26656\n`).join(""));
  for (const home of homes) tidyHome(home);
}
