import { configMapLimit } from "generators/components/config-files.ts";
import { composeGenesis } from "generators/mezod/genesis.ts";
import { genesisProblems } from "generators/network/genesis-file.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { Source } from "generators/render.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { firstDifference } from "./genesis.ts";
import type { Artifacts } from "./read.ts";

/** A validator's facts as validators.json holds them; a fact that could not be read is undefined. */
export type Facts = { [Key in keyof Validator]: Validator[Key] | undefined };

/** The validators that the artifacts describe, in validators.json's form. */
export const toFacts = ({ homes, seeds }: Artifacts): Facts[] =>
  homes.map(({ index, name, nodeId, accountAddress, consensusPubKey }) => ({
    index,
    moniker: name,
    nodeId,
    accountAddress,
    keyringFile: accountAddress && `${accountAddress}.address`,
    consensusPubKey,
    host: seeds?.find((seed) => seed.nodeId === nodeId)?.host,
  }));

/** Facts with the addresses that are described already: of a validator whose host stays, its address stays. */
export const withAddresses = (facts: readonly Facts[], described: readonly Facts[]): Facts[] =>
  facts.map((each) => {
    const address = described.find((old) => old?.host !== undefined && old.host === each.host)?.address;
    return address === undefined ? each : { ...each, address };
  });

/** Whether facts can be a description: none is missing, and nothing occurs twice. */
export const isWhole = (facts: readonly Facts[]): boolean =>
  facts.length > 0 &&
  facts.every((each) => !Object.values(each).includes(undefined)) &&
  (["index", "nodeId", "accountAddress", "consensusPubKey", "host"] as const).every(
    (fact) => new Set(facts.map((each) => each[fact])).size === facts.length,
  );

/** Where the artifacts contradict the network that they describe. */
export function checkNetwork({ chain, peers, ports }: Network, artifacts: Artifacts): Finding[] {
  const { seeds = [], genesis } = artifacts;
  const findings = seeds
    .filter(({ nodeId, port }) => port !== ports.p2p && !peers.some((peer) => peer.nodeId === nodeId))
    .map(({ host, port }) => errorAt("seeds.txt", "", `${host} listens on ${port}, but ports.p2p is ${ports.p2p}`));
  if (genesis && genesis.chainId !== chain.id) {
    const message = `is the genesis of ${genesis.chainId}, but the network's chain.id is ${chain.id}`;
    findings.push(errorAt("genesis.json", "", message));
  }
  return findings;
}

/** Why the network, with its validators, can't use the artifacts' genesis. */
export function checkGenesisOf(
  { network, idle = [] }: Pick<Source, "network" | "idle">,
  { genesis, genesisText }: Artifacts,
): Finding[] {
  if (genesisText === undefined || genesis?.chainId !== network.chain.id) return [];
  const report = (...messages: string[]) => messages.map((message) => errorAt("genesis.json", "", message));
  if (network.genesis.kind === "file") {
    const size = Buffer.byteLength(genesisText);
    if (size <= configMapLimit) return report(...genesisProblems(network, genesisText, idle));
    return report(`is ${size} bytes long; a ConfigMap holds at most ${configMapLimit} (1 MiB)`);
  }
  const composed = composeGenesis(network, network.genesis);
  const where = firstDifference(JSON.parse(genesisText), JSON.parse(JSON.stringify(composed)));
  if (!where) return [];
  return report(
    `differs at ${where} from the genesis that the network composes: correct the network's genesis, or use this file with genesis: { kind: "file" }`,
  );
}

/** A fact that changes: a row for a person to read. */
export interface Change {
  validator: string;
  fact: string;
  from: string;
  to: string;
}

/** What differs between the validators as described now and as they would be. */
export function changesBetween(before: readonly Facts[], after: readonly Facts[]): Change[] {
  const at = (facts: readonly Facts[], index: Facts["index"]) => facts.find((each) => each.index === index);
  const indexes = [...new Set([...before, ...after].map(({ index }) => index))].sort((a = 0, b = 0) => a - b);
  return indexes.flatMap((index) => {
    const [old, now] = [at(before, index), at(after, index)];
    const validator = now?.moniker ?? old?.moniker ?? "?";
    if (!old || !now)
      return [{ validator, fact: "validator", from: old ? "described" : "", to: now ? "new" : "removed" }];
    return (Object.keys({ ...old, ...now }) as (keyof Facts)[])
      .filter((fact) => old[fact] !== now[fact])
      .map((fact) => ({ validator, fact, from: String(old[fact] ?? ""), to: String(now[fact] ?? "") }));
  });
}
