import type { GenesisFacts } from "generators/mezod/genesis-facts.ts";
import type { Network } from "generators/network/schema.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Home } from "./home.ts";
import type { Artifacts, Seed } from "./read.ts";

/** What decides how much of a genesis must agree with the homes beside it, and which validators have their homes elsewhere. */
type Origin = Pick<Network, "genesis" | "lifecycle" | "peers">;

/**
 * Everything that must agree within the artifacts.
 *
 * @param origin of the network; undefined where the network can't be loaded.
 */
export function* checkArtifacts({ homes, seeds, genesis }: Artifacts, origin?: Origin): Iterable<Finding> {
  // Without validators everything else would be unknown.
  if (homes.length === 0) return;
  yield* repeatedFacts(homes, "nodeId", "config/node_key.json", "node id");
  yield* repeatedFacts(homes, "consensusPubKey", "config/priv_validator_key.json", "consensus key");
  yield* repeatedFacts(homes, "accountAddress", "keyring-file", "account");
  yield* repeatedIndexes(homes);
  if (seeds) yield* checkSeeds(homes, seeds, origin?.peers);
  if (genesis) yield* checkGenesis(homes, genesis, origin);
}

type Fact = "nodeId" | "consensusPubKey" | "accountAddress";

function* repeatedFacts(homes: readonly Home[], fact: Fact, file: string, what: string): Iterable<Finding> {
  const owners = new Map<string, string>();
  for (const { name, [fact]: value } of homes) {
    if (value === undefined) continue;
    const owner = owners.get(value);
    if (owner === undefined) owners.set(value, name);
    else yield errorAt(`${name}/${file}`, "", `has the same ${what} as ${owner}`);
  }
}

/** Gaps between indexes are for the network to judge, which says who has left. */
function* repeatedIndexes(homes: readonly Home[]): Iterable<Finding> {
  for (const [position, { name, index }] of homes.entries()) {
    const before = homes[position - 1];
    if (index === before?.index) yield errorAt(name, "", `has the same index as ${before.name}`);
  }
}

function* checkSeeds(homes: readonly Home[], seeds: readonly Seed[], peers: Origin["peers"] = []): Iterable<Finding> {
  const at = (message: string) => errorAt("seeds.txt", "", message);
  for (const { name, nodeId } of homes) {
    if (nodeId === undefined || seeds.some((seed) => seed.nodeId === nodeId)) continue;
    yield at(`has no line for ${name}, whose node id is ${nodeId}`);
  }
  const isComplete = homes.every(({ nodeId }) => nodeId !== undefined);
  for (const { nodeId, host } of isComplete ? seeds : []) {
    if ([...homes, ...peers].some((each) => each.nodeId === nodeId)) continue;
    yield at(`names ${nodeId}@${host}, which is not the node id of any validator`);
  }
  for (const host of repeats(seeds.map((seed) => seed.host))) yield at(`names the host ${host} twice`);
  for (const nodeId of repeats(seeds.map((seed) => seed.nodeId))) yield at(`names the node id ${nodeId} twice`);
}

/** The values that occur earlier in a list. */
const repeats = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);

/**
 * A composed genesis is made anew from the homes, so that both hold the same validators, each with an account. A genesis
 * file is the chain's own: x/poa needs no accounts, and once the chain has begun, validators join and leave. Which of them
 * the file must have, genesisProblems() says.
 */
function* checkGenesis(homes: readonly Home[], genesis: GenesisFacts, origin?: Origin): Iterable<Finding> {
  const isComposed = origin?.genesis.kind === "composed";
  for (const home of homes) {
    yield* checkChainId(home, genesis);
    if (isComposed) yield* checkMember(home, genesis);
    yield* checkOperator(home, genesis, isComposed);
  }
  const hasBegun = !isComposed && origin?.lifecycle !== "new";
  if (hasBegun || homes.some(({ consensusPubKey }) => consensusPubKey === undefined)) return;
  for (const { consensusPubKey, moniker } of genesis.validators) {
    if (homes.some((home) => home.consensusPubKey === consensusPubKey)) continue;
    if (origin?.peers.some(({ name }) => name === moniker)) continue;
    yield inGenesis(`has a validator that is not in the artifacts: ${JSON.stringify(moniker)}`);
  }
}

const inGenesis = (message: string) => errorAt("genesis.json", "", message);

function* checkChainId({ name, chainId }: Home, genesis: GenesisFacts): Iterable<Finding> {
  if (chainId === undefined || chainId === genesis.chainId) return;
  const message = `chain-id is ${JSON.stringify(chainId)}, but genesis.json is the genesis of ${genesis.chainId}`;
  yield errorAt(`${name}/config/client.toml`, "", message);
}

/** The genesis must have a home's consensus key once. */
function* checkMember({ name, consensusPubKey }: Home, { validators }: GenesisFacts): Iterable<Finding> {
  if (consensusPubKey === undefined) return;
  const { length } = validators.filter((validator) => validator.consensusPubKey === consensusPubKey);
  if (length === 0) yield inGenesis(`has no validator with the consensus key of ${name}`);
  if (length > 1) yield inGenesis(`has ${length} validators with the consensus key of ${name}`);
}

/** Where the genesis has a home's consensus key, the home's account must be the operator. */
function* checkOperator(home: Home, genesis: GenesisFacts, needsAccount: boolean): Iterable<Finding> {
  const { name, consensusPubKey, accountAddress } = home;
  for (const { consensusPubKey: key, operator } of genesis.validators) {
    if (key !== consensusPubKey || operator === undefined) continue;
    if (accountAddress !== undefined && operator !== accountAddress) {
      yield inGenesis(`${name}'s operator is ${operator}, but its keyring holds ${accountAddress}`);
    }
    if (needsAccount && !genesis.accounts.includes(operator)) {
      yield inGenesis(`${name}'s operator ${operator} has no account`);
    }
  }
}
