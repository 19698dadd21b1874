import { operatorAddress } from "generators/mezod/address.ts";
import { hasPoa } from "tools/mezod/program.ts";
import { decodeFunctionResult, encodeFunctionData, type Hex, parseAbi } from "viem";
import { local } from "../networks.ts";
import { accountOf, type Call, sendAs } from "./evm.ts";

/** Who becomes a validator or stops being one: the name of its home in the artifacts, and its key for blocks in base64. */
export interface Member {
  name: string;
  consensusPubKey: string;
}

// The precompiles by which accounts reach modules of the chain: x/poa's with the chain's own node, x/staking's with the
// stand-in. Addresses and interfaces are the programs' own.
const poa = "0x7b7c000000000000000000000000000000000011";
const upgrades = "0x7b7c000000000000000000000000000000000014";
const staking = "0x0000000000000000000000000000000000000800";
const description =
  "struct Description { string moniker; string identity; string website; string securityContact; string details; }";
const poaAbi = parseAbi([
  description,
  "function submitApplication(bytes32 consPubKey, Description description) returns (bool)",
  "function approveApplication(address operator) returns (bool)",
  "function leave() returns (bool)",
  "function validators() view returns (address[])",
  "function owner() view returns (address)",
]);
const upgradeAbi = parseAbi(["function submitPlan(string name, int64 height, string info) returns (bool)"]);
const stakingAbi = parseAbi([
  description,
  "struct CommissionRates { uint256 rate; uint256 maxRate; uint256 maxChangeRate; }",
  "function createValidator(Description description, CommissionRates commissionRates, uint256 minSelfDelegation, address validatorAddress, string pubkey, uint256 value) returns (bool)",
  "function undelegate(address delegatorAddress, string validatorAddress, uint256 amount) returns (int64)",
]);

// The owner of x/poa, and who gives a new account what it needs.
const owner = "mezo-node-0";
const btc = 10n ** 18n;
// As much as each of the first validators bonds.
const stake = 100n * btc;

/** Makes a validator of an account that the genesis does not know. */
export async function join(call: Call, artifacts: string, { name, consensusPubKey }: Member): Promise<void> {
  const { address } = accountOf(artifacts, name);
  await sendAs(call, artifacts, owner, { to: address, value: stake + btc });
  const described = { moniker: name, identity: "", website: "", securityContact: "", details: "" };
  if (hasPoa()) {
    const key: Hex = `0x${Buffer.from(consensusPubKey, "base64").toString("hex")}`;
    const apply = encodeFunctionData({ abi: poaAbi, functionName: "submitApplication", args: [key, described] });
    await sendAs(call, artifacts, name, { to: poa, data: apply });
    const approve = encodeFunctionData({ abi: poaAbi, functionName: "approveApplication", args: [address] });
    await sendAs(call, artifacts, owner, { to: poa, data: approve });
    return;
  }
  const rates = { rate: 0n, maxRate: 0n, maxChangeRate: 0n };
  const args = [described, rates, 1n, address, consensusPubKey, stake] as const;
  const create = encodeFunctionData({ abi: stakingAbi, functionName: "createValidator", args });
  await sendAs(call, artifacts, name, { to: staking, data: create });
}

/** Takes a validator out of the set, by its own word. */
export async function leave(call: Call, artifacts: string, { name }: Pick<Member, "name">): Promise<void> {
  if (hasPoa()) {
    const data = encodeFunctionData({ abi: poaAbi, functionName: "leave" });
    await sendAs(call, artifacts, name, { to: poa, data });
    return;
  }
  const { address } = accountOf(artifacts, name);
  const operator = operatorAddress(local.chain.bech32Prefix, address.slice(2));
  const args = [address, operator, stake] as const;
  const data = encodeFunctionData({ abi: stakingAbi, functionName: "undelegate", args });
  await sendAs(call, artifacts, name, { to: staking, data });
}

/** Makes a plan of x/upgrade on a chain whose x/poa has an owner. */
export async function planByOwner(call: Call, artifacts: string, name: string, height: number): Promise<void> {
  const data = encodeFunctionData({ abi: upgradeAbi, functionName: "submitPlan", args: [name, BigInt(height), ""] });
  await sendAs(call, artifacts, owner, { to: upgrades, data });
}

/** The accounts that a chain with x/poa names as its validators and as its owner, each in hex as Ethereum writes it. */
export async function poaOf(call: Call): Promise<{ validators: readonly Hex[]; owner: Hex }> {
  const ask = async (functionName: "validators" | "owner") => {
    const data = encodeFunctionData({ abi: poaAbi, functionName });
    const answer = (await call("eth_call", [{ to: poa, data }, "latest"])) as Hex;
    return decodeFunctionResult({ abi: poaAbi, functionName, data: answer });
  };
  return { validators: (await ask("validators")) as readonly Hex[], owner: (await ask("owner")) as Hex };
}
