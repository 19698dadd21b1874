import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Chain } from "./chain.ts";
import { volumeFolder } from "./faults.ts";
import type { RunningNetwork } from "./running-network.ts";

/** The file of what a validator signed last, on its volume. */
export const stateFile = ({ location }: RunningNetwork, node: string) =>
  join(volumeFolder(location, node), "priv_validator_state.json");

/** The height that a validator's state is at. */
export const stateHeight = (network: RunningNetwork, node: string) =>
  Number(JSON.parse(readFileSync(stateFile(network, node), "utf8")).height);

/** Whether the validator with that address has signed a height. */
export async function hasSigned(chain: Chain, address: string, height: number): Promise<boolean> {
  const { lastCommit } = await chain.block("mezo-node-0", height + 1);
  return lastCommit.signatures.some(({ validator }) => validator === address);
}
