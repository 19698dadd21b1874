import { composeGenesis } from "generators/mezod/genesis.ts";
import { type GenesisFacts, readGenesis } from "generators/mezod/genesis-facts.ts";
import { genesisProblems } from "generators/network/genesis-file.ts";
import { nodeName } from "generators/network/names.ts";
import { genesisFile, networksFolder } from "generators/network/paths.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { Source } from "generators/render.ts";
import { checkArtifacts } from "../artifacts/check.ts";
import { checkGenesisOf, checkNetwork } from "../artifacts/description.ts";
import type { Home } from "../artifacts/home.ts";
import type { Artifacts } from "../artifacts/read.ts";
import { errorAt, type Finding } from "../lib/finding.ts";

/**
 * What shows that a validator's home in the artifacts is not the one that the network describes under its name.
 *
 * @param only the validators to seal where they are not all of them: the folder may then hold just their homes.
 */
export function* proveHomes(source: Source, artifacts: Artifacts, only?: readonly Validator[]): Iterable<Finding> {
  const validators = only ?? source.network.validators;
  if (only) yield* proveSome(source.network, artifacts, only);
  else yield* proveWhole(source, artifacts);
  const genesis = ownGenesis(source);
  if ("problem" in genesis) {
    const file = genesisFile(source.network.name);
    for (const problem of genesisProblems(source.network, source.genesisText ?? "")) yield errorAt(file, "", problem);
    return;
  }
  for (const validator of validators) yield* proveHome(source.network, artifacts, validator, genesis.facts);
}

function* proveWhole(source: Source, artifacts: Artifacts): Iterable<Finding> {
  yield* artifacts.findings;
  yield* checkArtifacts(artifacts, source.network);
  yield* checkNetwork(source.network, artifacts);
  yield* checkGenesisOf(source, artifacts);
  yield* checkGenesisFile(source, artifacts);
  yield* checkUndescribed(source.network, artifacts);
}

function* proveSome(network: Network, artifacts: Artifacts, validators: readonly Validator[]): Iterable<Finding> {
  const names = validators.map(({ index }) => nodeName(network, index));
  for (const finding of artifacts.findings) {
    if (names.some((name) => finding.object === name || finding.object.startsWith(`${name}/`))) yield finding;
  }
  for (const finding of checkArtifacts(artifacts, network)) {
    // What two homes share counts whichever of them is sealed: it would be a key under two names.
    if (finding.object.includes("/")) yield finding;
  }
}

function* proveHome(
  network: Network,
  { homes }: Artifacts,
  validator: Validator,
  genesis: GenesisFacts,
): Iterable<Finding> {
  const name = nodeName(network, validator.index);
  const home = homes.find((candidate) => candidate.name === name);
  if (!home) {
    yield errorAt(name, "", "is missing from the artifacts");
    return;
  }
  yield* proveFacts(network, home, validator);
  if (home.chainId !== undefined && home.chainId !== network.chain.id) {
    const message = `chain-id is ${JSON.stringify(home.chainId)}, but the network's chain.id is ${network.chain.id}`;
    yield errorAt(`${name}/config/client.toml`, "", message);
  }
  yield* proveOperator(genesis, home);
}

function* proveFacts(network: Network, home: Home, validator: Validator): Iterable<Finding> {
  const facts = [
    ["config/node_key.json", "node id", "nodeId"],
    ["config/priv_validator_key.json", "consensus key", "consensusPubKey"],
    ["keyring-file", "account", "accountAddress"],
  ] as const;
  for (const [file, what, fact] of facts) {
    const [found, described] = [home[fact], validator[fact]];
    if (found === undefined || found === described) continue;
    const owner = network.validators.find((other) => other[fact] === found);
    const whose = owner ? `, that of ${nodeName(network, owner.index)}` : "";
    const expected = `${networksFolder}/${network.name} describes ${home.name} with ${described}`;
    yield errorAt(`${home.name}/${file}`, "", `has ${what} ${found}${whose}, but ${expected}`);
  }
}

/** Where the network's own genesis has the consensus key, it must have it with this account. Validators also join later. */
function* proveOperator(genesis: GenesisFacts, { name, consensusPubKey, accountAddress }: Home): Iterable<Finding> {
  if (accountAddress === undefined) return;
  for (const { consensusPubKey: key, operator, moniker } of genesis.validators) {
    if (key !== consensusPubKey || operator === accountAddress) continue;
    const message = `is the key of ${JSON.stringify(moniker)} in the network's genesis, with operator ${operator}, but this keyring holds ${accountAddress}`;
    yield errorAt(`${name}/config/priv_validator_key.json`, "", message);
  }
}

function ownGenesis({ network, genesisText = "" }: Source) {
  const { genesis } = network;
  return readGenesis(genesis.kind === "file" ? genesisText : JSON.stringify(composeGenesis(network, genesis)));
}

function* checkGenesisFile(source: Source, { genesisText }: Artifacts): Iterable<Finding> {
  const { network } = source;
  if (network.genesis.kind !== "file" || genesisText === undefined || genesisText === source.genesisText) return;
  yield errorAt("genesis.json", "", `differs from the network's, ${genesisFile(network.name)}`);
}

function* checkUndescribed(network: Network, { homes }: Artifacts): Iterable<Finding> {
  const described = network.validators.map(({ index }) => nodeName(network, index));
  for (const { name } of homes) {
    if (described.includes(name)) continue;
    const message = `is not a validator of ${network.name}: describe it with \`pnpm run import\`, or name the validators to seal`;
    yield errorAt(name, "", message);
  }
}
