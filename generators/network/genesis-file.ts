import { type GenesisFacts, type GenesisValidator, readGenesis } from "../mezod/genesis-facts.ts";
import { nodeName } from "./names.ts";
import { formatProblem } from "./problem.ts";
import type { Network, Validator } from "./schema.ts";

/**
 * What is wrong with the genesis file of a network, as sentences about the file.
 *
 * A new chain begins with exactly what the file says: every validator of the network must be in it, and together they must
 * have more than two thirds of the power, or the chain never makes a block. On a chain that has begun, the set may have
 * changed since: validators joined, which the file lacks, and others left, which only the file has. What stays true is
 * that the chain began with validators that the network still describes or lists in `retired`. So those must have more
 * than two thirds of the file's power there; a genesis of strangers is refused on every network. Validators that others
 * run are no strangers: `peers` has the monikers that the genesis knows them by.
 *
 * @param idle validators that are described and, because of `size`, not run. Those of a running chain may be in its genesis.
 */
export function genesisProblems(network: Network, text: string, idle: readonly Validator[] = []): string[] {
  const read = readGenesis(text);
  const chainId = "facts" in read ? read.facts.chainId : read.chainId;
  if (chainId === undefined) {
    return ["is not a genesis: it is not a JSON object with a chain_id; take the file that the chain's tools made"];
  }
  if (chainId !== network.chain.id) {
    return [`is the genesis of ${chainId}, but chain.id is ${network.chain.id}; take the file of that chain`];
  }
  if ("problem" in read) {
    return [`is not a genesis: ${formatProblem(read.problem)}; take the file that the chain's tools made`];
  }
  const { facts } = read;
  return [...timeProblems(facts), ...setProblems(network, facts, idle)];
}

function* timeProblems({ time }: GenesisFacts): Iterable<string> {
  if (time !== undefined) return;
  yield "lacks genesis_time, so that each node begins at a time of its own; set it to the time at which the chain begins";
}

function* setProblems(network: Network, facts: GenesisFacts, idle: readonly Validator[]): Iterable<string> {
  const sets = [facts.validators, ...facts.cometValidators].filter((set) => set.length > 0);
  if (sets.length === 0) {
    yield `has no validators: app_state.poa.validators, app_state.staking.validators, app_state.genutil.gen_txs and validators are empty; take the genesis of which ${network.name}'s validators are a part`;
  }
  const known = knownKeys(network, sets.flat(), idle);
  for (const set of sets) {
    yield* repeatedKeys(set);
    if (network.lifecycle === "new") yield* missingValidators(network, set);
    yield* strangers(network, set, known);
  }
}

function* repeatedKeys(set: readonly GenesisValidator[]): Iterable<string> {
  const first = new Map<string, string>();
  for (const { consensusPubKey, field } of set) {
    const earlier = first.get(consensusPubKey);
    if (earlier === undefined) first.set(consensusPubKey, field);
    else yield `has the consensus key ${consensusPubKey} twice, in ${earlier} and ${field}; remove one of them`;
  }
}

function* missingValidators(network: Network, set: readonly GenesisValidator[]): Iterable<string> {
  for (const { index, consensusPubKey } of network.validators) {
    if (set.some((each) => each.consensusPubKey === consensusPubKey)) continue;
    yield `has no validator with the consensus key of ${nodeName(network, index)}, ${consensusPubKey}, in ${placeOf(set)}; take the genesis that was made with that validator (one that joins later is described once lifecycle is "started")`;
  }
}

function* strangers(
  { lifecycle, peers }: Network,
  set: readonly GenesisValidator[],
  known: ReadonlySet<string>,
): Iterable<string> {
  // A key that occurs twice counts once.
  const powers = new Map(set.map(({ consensusPubKey, power }) => [consensusPubKey, power]));
  const sum = (entries: Iterable<[string, bigint]>) => [...entries].reduce((total, [, power]) => total + power, 0n);
  const all = sum(powers);
  const own = sum([...powers].filter(([key]) => known.has(key)));
  if (own * 3n > all * 2n) return;
  const [whose, fix] =
    lifecycle === "new"
      ? [
          `the network's validators${peers.length > 0 ? " and `peers`" : ""}`,
          "take the genesis that was made with them",
        ]
      : [
          "the validators that the network describes or lists in `retired`",
          "take the chain's own genesis, list in `retired` those that have left, and in `peers` those that others run",
        ];
  yield `gives ${whose} ${own} of a power of ${all} in ${placeOf(set)}, and they must have more than two thirds; ${fix}`;
}

/** The list in which a set stands, such as app_state.poa.validators. */
const placeOf = ([first]: readonly GenesisValidator[]) => first?.field.replace(/\[\d+\]$/, "");

/**
 * The consensus keys of the chain's validators that the network knows. Of one that has left nothing but the index is known,
 * which its moniker in the genesis names, and of one that others run its moniker.
 */
function knownKeys(
  network: Network,
  genesis: readonly GenesisValidator[],
  idle: readonly Validator[],
): ReadonlySet<string> {
  const isNew = network.lifecycle === "new";
  const left = isNew ? [] : network.retired.map((index) => nodeName(network, index));
  const monikers = [...network.peers.map(({ name }) => name), ...left];
  const named = genesis.filter(({ moniker }) => monikers.includes(moniker));
  const known = [...network.validators, ...(isNew ? [] : idle), ...named];
  return new Set(known.map(({ consensusPubKey }) => consensusPubKey));
}
