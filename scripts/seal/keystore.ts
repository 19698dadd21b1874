import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composeGenesis } from "generators/mezod/genesis.ts";
import { identityFiles, keystoreName, nodeName } from "generators/network/names.ts";
import { genesisFile } from "generators/network/paths.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Source } from "generators/render.ts";
import { checkArtifacts } from "../artifacts/check.ts";
import { checkGenesisOf, checkNetwork } from "../artifacts/description.ts";
import { genesisFacts } from "../artifacts/genesis.ts";
import { consensusPubKeyOf, nodeIdOf } from "../artifacts/keys.ts";
import type { Artifacts, Finding, Home } from "../artifacts/read.ts";
import type { Content } from "./content.ts";
import { recoveryFiles } from "./expected.ts";

const describedIn = (network: Network) => `generators/networks/${network.name}`;

/**
 * Whether each validator's home in the artifacts is the one that the network describes under its name; every finding.
 *
 * @param only the validators to seal, where they are not all of them: an artifacts folder may then hold just theirs.
 */
export function proveHomes(source: Source, artifacts: Artifacts, only?: readonly Validator[]): Finding[] {
  const { network } = source;
  const validators = only ?? network.validators;
  const names = validators.map(({ index }) => nodeName(network, index));
  const isTheirs = ({ file }: Finding) => names.some((name) => file === name || file.startsWith(`${name}/`));
  const among = checkArtifacts(artifacts);
  return [
    ...(only ? artifacts.findings.filter(isTheirs) : artifacts.findings),
    // What is wrong between two homes counts whoever is sealed: a key under two names.
    ...(only ? among.filter(({ file }) => file.includes("/")) : among),
    ...(only ? [] : [...checkNetwork(network, artifacts), ...checkGenesisOf(network, artifacts)]),
    ...(only ? [] : checkGenesisFile(source, artifacts)),
    ...(only ? [] : strangers(network, artifacts)),
    ...validators.flatMap((validator) => proveHome(source, artifacts, validator)),
  ];
}

function proveHome(source: Source, { homes }: Artifacts, validator: Validator): Finding[] {
  const { network } = source;
  const name = nodeName(network, validator.index);
  const home = homes.find((candidate) => candidate.name === name);
  if (!home) return [{ file: name, message: "is missing from the artifacts" }];
  const facts = [
    ["config/node_key.json", "node id", "nodeId"],
    ["config/priv_validator_key.json", "consensus key", "consensusPubKey"],
    ["keyring-file", "account", "accountAddress"],
  ] as const;
  const findings = facts.flatMap(([file, what, fact]): Finding[] => {
    const [found, described] = [home[fact], validator[fact]];
    if (found === undefined || found === described) return [];
    const owner = network.validators.find((other) => other[fact] === found);
    const whose = owner ? `, that of ${nodeName(network, owner.index)}` : "";
    return [
      {
        file: `${name}/${file}`,
        message: `is of ${what} ${found}${whose}, and ${describedIn(network)} describes ${name} with ${described}`,
      },
    ];
  });
  if (home.chainId !== undefined && home.chainId !== network.chain.id) {
    const message = `chain-id is ${JSON.stringify(home.chainId)}, and the network's chain.id is ${network.chain.id}`;
    findings.push({ file: `${name}/config/client.toml`, message });
  }
  return [...findings, ...checkOperator(source, name, home)];
}

/** In the network's own genesis the consensus key must be this account's, if it is there: validators join later, too. */
function checkOperator(source: Source, name: string, { consensusPubKey, accountAddress }: Home): Finding[] {
  return genesisOf(source)
    .validators.filter((validator) => validator.consensusPubKey === consensusPubKey)
    .filter(({ operator }) => accountAddress !== undefined && operator !== accountAddress)
    .map(({ operator, moniker }) => ({
      file: `${name}/config/priv_validator_key.json`,
      message: `is ${JSON.stringify(moniker)}'s in the network's genesis, with operator ${operator}; this keyring holds ${accountAddress}`,
    }));
}

function genesisOf({ network, genesisFile: text }: Source) {
  const { genesis } = network;
  return genesisFacts(genesis.kind === "file" ? (text ?? "") : JSON.stringify(composeGenesis(network, genesis)));
}

function checkGenesisFile({ network, genesisFile: text }: Source, { genesisText }: Artifacts): Finding[] {
  if (network.genesis.kind !== "file" || genesisText === undefined || genesisText === text) return [];
  return [{ file: "genesis.json", message: `is not the network's, ${genesisFile(network.name)}` }];
}

const strangers = (network: Network, { homes }: Artifacts): Finding[] =>
  homes
    .filter(({ name }) => !network.validators.some(({ index }) => nodeName(network, index) === name))
    .map(({ name }) => ({
      file: name,
      message: `is no validator of ${network.name}: \`pnpm run import\` describes it, or name the validators to seal`,
    }));

/** The files that make a validator, from its home in the artifacts. */
export function readKeystore(folder: string, network: Network, validator: Validator, keys: readonly string[]): Content {
  const home = join(folder, nodeName(network, validator.index));
  return new Map(keys.map((key) => [key, readFileSync(join(home, placeOf(key)))]));
}

/** The recovery material that a home has. */
export const recoveryKeys = (folder: string, network: Network, { index }: Validator) =>
  recoveryFiles.filter((file) => existsSync(join(folder, nodeName(network, index), file)));

function placeOf(key: string): string {
  if (recoveryFiles.includes(key)) return key;
  return identityFiles.includes(key) ? `config/${key}` : `keyring-file/${key}`;
}

/** Whether a content, the very bytes that will be sealed, makes this validator: what speaks against it. */
export function proveContent(network: Network, validator: Validator, content: Content): Finding[] {
  const name = nodeName(network, validator.index);
  const facts = [
    ["node_key.json", "node id", "nodeId", nodeIdOf],
    ["priv_validator_key.json", "consensus key", "consensusPubKey", consensusPubKeyOf],
  ] as const;
  return facts.flatMap(([key, what, fact, factOf]): Finding[] => {
    const file = `${name}/${key}`;
    try {
      const found = factOf(content.get(key)?.toString() ?? "");
      if (found === validator[fact]) return [];
      return [{ file, message: `is of ${what} ${found}, and ${name} is described with ${validator[fact]}` }];
    } catch (error) {
      if (error instanceof OperatorError) return [{ file, message: error.message }];
      throw error;
    }
  });
}

/** Consensus keys that would stand under two names: the same key is sealed already, here or on another network. */
export function repeatedKeys(
  network: Network,
  validators: readonly Validator[],
  locks: ReadonlyMap<string, SealLock>,
): Finding[] {
  const sealed = [...locks].flatMap(([name, { secrets }]) =>
    Object.entries(secrets).map(([secret, { validator }]) => ({ name, secret, key: validator?.consensusPubKey })),
  );
  return validators.flatMap(({ index, consensusPubKey }) => {
    const node = nodeName(network, index);
    return sealed
      .filter(({ key }) => key === consensusPubKey)
      .filter(({ name, secret }) => name !== network.name || secret !== keystoreName(network, index))
      .map(({ name, secret }) => ({
        file: `${node}/config/priv_validator_key.json`,
        message: `has the consensus key that is sealed as ${secret} of ${name}: one key under two names signs twice`,
      }));
  });
}
