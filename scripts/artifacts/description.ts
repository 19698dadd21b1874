import { configMapLimit } from "generators/components/config-files.ts";
import { composeGenesis } from "generators/mezod/genesis.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { firstDifference } from "./genesis.ts";
import type { Artifacts, Finding } from "./read.ts";

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

/** Whether facts can stand as a description: nothing is missing, there is no gap, and nothing is there twice. */
export const isWhole = (facts: readonly Facts[]): boolean =>
  facts.length > 0 &&
  facts.every((each, position) => each.index === position && !Object.values(each).includes(undefined)) &&
  (["nodeId", "accountAddress", "consensusPubKey", "host"] as const).every(
    (fact) => new Set(facts.map((each) => each[fact])).size === facts.length,
  );

/** Where the artifacts contradict the network they are to describe. */
export function checkNetwork({ chain, ports }: Network, artifacts: Artifacts): Finding[] {
  const findings = (artifacts.seeds ?? [])
    .filter(({ port }) => port !== ports.p2p)
    .map(({ host, port }) => ({
      file: "seeds.txt",
      message: `${host} listens on ${port}, and ports.p2p is ${ports.p2p}`,
    }));
  if (artifacts.genesis && artifacts.genesis.chainId !== chain.id) {
    const message = `is of ${artifacts.genesis.chainId}, and the network's chain.id is ${chain.id}`;
    findings.push({ file: "genesis.json", message });
  }
  return findings;
}

/** Why the network, with these validators, can't have the artifacts' genesis. */
export function checkGenesisOf(network: Network, { genesis, genesisText }: Artifacts): Finding[] {
  if (genesisText === undefined || genesis?.chainId !== network.chain.id) return [];
  const report = (message: string): Finding[] => [{ file: "genesis.json", message }];
  if (network.genesis.kind === "file") {
    const size = Buffer.byteLength(genesisText);
    if (size <= configMapLimit) return [];
    return report(`is ${size} bytes, and a ConfigMap holds ${configMapLimit} (1 MiB) at most`);
  }
  const composed = composeGenesis(network, network.genesis);
  const where = firstDifference(JSON.parse(genesisText), JSON.parse(JSON.stringify(composed)));
  if (!where) return [];
  return report(
    `is not what the network composes: they differ at ${where}. Mend the network's genesis, or use this file: genesis: { kind: "file" }`,
  );
}

/** A fact that changes: a row for a person to read. */
export interface Change {
  validator: string;
  fact: string;
  from: string;
  to: string;
}

/** What differs between the validators that are described and those that would be. */
export function changesBetween(before: readonly Facts[], after: readonly Facts[]): Change[] {
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, i) => [before[i], after[i]] as const).flatMap(([old, now]) => {
    const validator = now?.moniker ?? old?.moniker ?? "?";
    if (!old || !now)
      return [{ validator, fact: "validator", from: old ? "described" : "", to: now ? "new" : "removed" }];
    return (Object.keys({ ...old, ...now }) as (keyof Facts)[])
      .filter((fact) => old[fact] !== now[fact])
      .map((fact) => ({ validator, fact, from: String(old[fact] ?? ""), to: String(now[fact] ?? "") }));
  });
}
