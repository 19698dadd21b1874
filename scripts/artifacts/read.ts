import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { GenesisFacts } from "generators/mezod/genesis-facts.ts";
import type { Finding } from "../lib/finding.ts";
import { exposedFiles } from "./exposed.ts";
import { genesisFacts } from "./genesis.ts";
import { type Home, isHome, readHome } from "./home.ts";
import { attempt, type Reader, report } from "./reader.ts";

/** A line of seeds.txt. */
export interface Seed {
  nodeId: string;
  host: string;
  port: number;
}

/** What a folder of testnet artifacts says in public. */
export interface Artifacts {
  homes: Home[];
  /** Homes of accounts that are not validators, such as the faucet's. */
  accounts: string[];
  /** Undefined when there is no seeds.txt. */
  seeds?: Seed[];
  genesisText?: string;
  genesis?: GenesisFacts;
  findings: Finding[];
  /** Key files that every user of this machine may read. */
  exposed: string[];
}

/**
 * Reads the public facts out of a folder of testnet artifacts. A private key is read to prove that its public half
 * belongs to it; a mnemonic or password is never read. All findings are collected.
 *
 * @throws when the folder itself can't be read.
 */
export function readArtifacts(folder: string): Artifacts {
  const reader: Reader = { folder, findings: [] };
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const [validators, others] = [names.filter(isHome), names.filter((name) => !isHome(name))];
  if (validators.length === 0)
    report(reader, "", "the folder holds no validator; expected folders such as mezo-node-0");
  const accounts = others.filter((name) => existsSync(join(folder, name, "keyring-file")));
  for (const name of others.filter((other) => !accounts.includes(other))) {
    report(
      reader,
      name,
      "is neither a validator, whose name ends in -node-<index>, nor an account, which has a keyring-file folder",
    );
  }
  const homes = validators.map((name) => readHome(reader, name)).sort((a, b) => a.index - b.index);
  return {
    homes,
    accounts,
    ...readSeeds(reader),
    ...readGenesis(reader),
    findings: reader.findings,
    exposed: exposedFiles(folder, [...homes.map(({ name }) => name), ...accounts]),
  };
}

const readSeeds = (reader: Reader) =>
  attempt(reader, "seeds.txt", "a list of seeds", (text) => ({
    seeds: text.split(/\r?\n/).flatMap((line, i) => {
      if (line.trim() === "") return [];
      const [, nodeId, host, port] = /^([0-9a-f]{40})@([^:\s]+):(\d+)$/.exec(line.trim()) ?? [];
      if (nodeId && host && port) return [{ nodeId, host, port: Number(port) }];
      // The line itself is not shown: what stands in the wrong file may be a secret.
      report(reader, "seeds.txt", `line ${i + 1} is not <node id>@<host>:<port>`);
      return [];
    }),
  }));

const readGenesis = (reader: Reader) =>
  attempt(reader, "genesis.json", "a genesis", (genesisText) => ({
    genesisText,
    genesis: genesisFacts(genesisText),
  }));
