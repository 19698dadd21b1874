import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "tools/cluster/wait.ts";
import type { Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { local } from "../networks.ts";

/** Calls a method of a chain's JSON-RPC. */
export type Call = (method: string, params: unknown[]) => Promise<unknown>;

export interface Transaction {
  to: Hex;
  data?: Hex;
  /** In the smallest unit, abtc. */
  value?: bigint;
}

const chainId = Number(local.chain.id.match(/_(\d+)-/)?.[1]);
// More than a base fee asks for, and enough for any precompile: accounts of the artifacts are rich.
const gasPrice = 20_000_000_000n;
const gas = 1_000_000n;

/** The account of a home in the artifacts. */
export const accountOf = (artifacts: string, name: string) =>
  mnemonicToAccount(readFileSync(join(artifacts, name, "mnemonic.txt"), "utf8").trim());

/** Sends a transaction of that account, and waits until it is in a block; its hash. Throws when it fails there. */
export async function sendAs(call: Call, artifacts: string, name: string, transaction: Transaction): Promise<string> {
  const account = accountOf(artifacts, name);
  const send = async () => {
    const nonce = Number(await call("eth_getTransactionCount", [account.address, "latest"]));
    const signed = await account.signTransaction({ type: "legacy", chainId, nonce, gas, gasPrice, ...transaction });
    return call("eth_sendRawTransaction", [signed]);
  };
  // Another node may answer, which does not know the account's last transaction yet.
  const hash = await eventually(send, 30, `a transaction of ${name}`);
  const receipt = await eventually(() => call("eth_getTransactionReceipt", [hash]), 60, `the receipt of ${hash}`);
  const { status } = receipt as { status: string };
  if (status !== "0x1") throw new Error(`the transaction ${hash} of ${name} has failed`);
  return String(hash);
}
