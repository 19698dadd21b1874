import { defineNetwork } from "generators/network/define.ts";
import { genesisProblems } from "generators/network/genesis-file.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { describe, expect, test } from "vitest";
import {
  cometValidator,
  genesisOf,
  genesisTransaction,
  poaValidator,
  stakingValidator,
} from "../../support/genesis.ts";
import { inventedValidators, staging } from "../../support/networks.ts";

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, broken at will.
type Genesis = any;
type Change = (genesis: Genesis) => unknown;

const everybody = inventedValidators(20);
/** The validators that the network describes unless a test says otherwise, and some that it has never heard of. */
const [own, strangers] = [everybody.slice(0, 5), everybody.slice(10)];

const roomy = { ...(staging.gke as NonNullable<Network["gke"]>), nodes: everybody.length };
const network = (change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({ ...staging, expose: ["p2p"], gke: roomy, genesis: { kind: "file" }, validators: own, ...change });
const started = network({ lifecycle: "started" });
const adopted = network({ lifecycle: "adopted" });
const fresh = network({ lifecycle: "new" });
const running = { adopted, started };
const all = { ...running, new: fresh };

const lists = ({ app_state }: Genesis) => app_state.poa.validators;
const add =
  (...more: typeof own): Change =>
  (genesis) =>
    lists(genesis).push(...more.map((each) => poaValidator(each)));
const only =
  (...validators: typeof own): Change =>
  (genesis) => {
    genesis.app_state.poa.validators = validators.map((each) => poaValidator(each));
  };

/** The set in another module's form, or in CometBFT's, instead of x/poa's. */
const staking =
  (...validators: object[]): Change =>
  (genesis) => {
    only()(genesis);
    genesis.app_state.staking = { validators };
  };
const transactions =
  (...gen_txs: object[]): Change =>
  (genesis) => {
    only()(genesis);
    genesis.app_state.genutil = { gen_txs };
  };
const comet =
  (...validators: object[]): Change =>
  (genesis) => {
    genesis.consensus.validators = validators;
  };

function problemsOf(of: Network, change: Change, idle: typeof own = []): string[] {
  const genesis = genesisOf(fresh);
  change(genesis);
  return genesisProblems(of, JSON.stringify(genesis), idle);
}

const names = (...indexes: number[]) => indexes.map((index) => `mezo-node-${index}`);
const lacks = (problems: readonly string[]) =>
  problems.flatMap((each) => /^has no validator with the consensus key of (\S+),/.exec(each)?.[1] ?? []);
const powers = (problems: readonly string[]) =>
  problems.flatMap((each) => / (\d+ of a power of \d+) in (\S+), and they must/.exec(each)?.slice(1).join(" ") ?? []);

describe("a genesis that is right on every network", () => {
  test.each<[name: string, change: Change]>([
    ["the described validators", () => {}],
    ["two of others beside five", add(...strangers.slice(0, 2))],
    ["without accounts, which PoA does not need", ({ app_state }) => (app_state.auth.accounts = [])],
    [
      "a vesting account",
      ({ app_state: { auth } }) =>
        (auth.accounts[1] = { base_vesting_account: { base_account: auth.accounts[1].base_account } }),
    ],
    ["in another order", (genesis) => lists(genesis).reverse()],
    ["x/staking's validators", staking(...own.map((each) => stakingValidator(each, "1000000000000000000")))],
    [
      "a stranger with less than a third of the stake",
      staking(...own.map((each) => stakingValidator(each, "10")), stakingValidator(strangers[0] as never, "24")),
    ],
    [
      "strangers that are jailed or not bonded",
      staking(
        ...own.map((each) => stakingValidator(each, "10")),
        { ...stakingValidator(strangers[0] as never, "999"), jailed: true },
        { ...stakingValidator(strangers[1] as never, "999"), status: "BOND_STATUS_UNBONDED" },
      ),
    ],
    ["x/genutil's transactions", transactions(...own.map((each) => genesisTransaction(each, "5")))],
    [
      "CometBFT's list alone",
      (genesis) => {
        only()(genesis);
        comet(...own.map((each) => cometValidator(each)))(genesis);
      },
    ],
    ["CometBFT's list beside x/poa's", comet(...own.map((each) => cometValidator(each)))],
    [
      "CometBFT's list at the top, as old versions have it",
      (genesis) => (genesis.validators = own.map((each) => cometValidator(each))),
    ],
    ["null for lists that are empty", (genesis) => (genesis.validators = genesis.app_state.bank.send_enabled = null)],
    ["a time with an offset", (genesis) => (genesis.genesis_time = "2024-10-30T12:44:18.472565+02:00")],
  ])("%s", (_name, change) => {
    for (const each of Object.values(all)) expect(problemsOf(each, change)).toEqual([]);
  });
});

describe("validators that are missing, or are strangers", () => {
  test.each<[name: string, change: Change, lacking: string[], power: string[]]>([
    ["one is missing", only(...own.slice(0, 4)), names(4), []],
    [
      "all are strangers",
      only(...strangers.slice(0, 5)),
      names(0, 1, 2, 3, 4),
      ["0 of a power of 5 app_state.poa.validators"],
    ],
    ["a third are strangers", add(...strangers.slice(0, 3)), [], ["5 of a power of 8 app_state.poa.validators"]],
    [
      "exactly two thirds, which is not more",
      only(...own.slice(0, 4), ...strangers.slice(0, 2)),
      names(4),
      ["4 of a power of 6 app_state.poa.validators"],
    ],
    [
      "one of its own among strangers",
      only(own[0] as never, ...strangers),
      names(1, 2, 3, 4),
      ["1 of a power of 11 app_state.poa.validators"],
    ],
    [
      "a stranger with a third of the stake",
      staking(...own.map((each) => stakingValidator(each, "10")), stakingValidator(strangers[0] as never, "25")),
      [],
      ["50 of a power of 75 app_state.staking.validators"],
    ],
    [
      "a stranger's transaction with the most stake",
      transactions(
        ...own.map((each) => genesisTransaction(each, "1")),
        genesisTransaction(strangers[0] as never, "9".repeat(78)),
      ),
      [],
      [`5 of a power of 1${"0".repeat(77)}4 app_state.genutil.gen_txs`],
    ],
    [
      "all its own are jailed",
      staking(...own.map((each) => ({ ...stakingValidator(each), jailed: true }))),
      [],
      ["0 of a power of 0 app_state.staking.validators"],
    ],
    [
      "CometBFT's list is of strangers, though x/poa's is not",
      comet(...strangers.slice(0, 5).map((each) => cometValidator(each))),
      names(0, 1, 2, 3, 4),
      ["0 of a power of 5 consensus.validators"],
    ],
    [
      "a stranger has the power in CometBFT's list",
      comet(...own.map((each) => cometValidator(each)), cometValidator(strangers[0] as never, "3")),
      [],
      ["5 of a power of 8 consensus.validators"],
    ],
  ])("%s", (_name, change, lacking, power) => {
    const problems = problemsOf(fresh, change);
    expect([lacks(problems), powers(problems)]).toEqual([lacking, power]);
    expect(problems).toHaveLength(lacking.length + power.length);
    // On a chain that has begun, those that are missing may have joined since.
    for (const each of Object.values(running)) {
      const later = problemsOf(each, change);
      expect([lacks(later), powers(later)]).toEqual([[], power]);
    }
  });

  test("the whole message names the key or the powers, and what to do", () => {
    expect(problemsOf(fresh, only(...own.slice(0, 4)))).toEqual([
      `has no validator with the consensus key of mezo-node-4, ${own[4]?.consensusPubKey}, in app_state.poa.validators; take the genesis that was made with that validator (one that joins later is described once lifecycle is "started")`,
    ]);
    expect(problemsOf(fresh, add(...strangers.slice(0, 3)))).toEqual([
      "gives the network's validators 5 of a power of 8 in app_state.poa.validators, and they must have more than two thirds; take the genesis that was made with them",
    ]);
    expect(problemsOf(adopted, add(...strangers.slice(0, 3)))).toEqual([
      "gives the validators that the network describes or lists in `retired` 5 of a power of 8 in app_state.poa.validators, and they must have more than two thirds; take the chain's own genesis, list in `retired` those that have left, and in `peers` those that others run",
    ]);
  });
});

test.each(Object.entries(all))("%s: validators that others run are no strangers", (_lifecycle, each) => {
  const others = strangers.slice(0, 3);
  const described = {
    ...each,
    peers: others.map(({ moniker, nodeId }) => ({ name: moniker, nodeId, address: "a.example:1" })),
  };
  expect(problemsOf(described, add(...others))).toEqual([]);
  expect(powers(problemsOf(described, add(...strangers.slice(0, 4))))).toEqual([]);
  expect(powers(problemsOf(described, add(...strangers.slice(0, 7))))).toEqual([
    "8 of a power of 12 app_state.poa.validators",
  ]);
});

describe("a chain that has begun", () => {
  const joined = everybody.slice(0, 7);

  test.each(Object.keys(running))("%s: validators that joined after genesis are no problem", (lifecycle) => {
    const grown = network({ lifecycle: lifecycle as Network["lifecycle"], validators: joined });
    expect(problemsOf(grown, () => {})).toEqual([]);
  });

  test("on a new one they are", () => {
    expect(lacks(problemsOf(network({ lifecycle: "new", validators: joined }), () => {}))).toEqual(names(5, 6));
  });

  test("validators that have left are known by the monikers in genesis", () => {
    const validators = joined.slice(3);
    const retired = [0, 1, 2];
    expect(problemsOf(network({ lifecycle: "started", validators, retired }), () => {})).toEqual([]);
    const renamed: Change = (genesis) => {
      for (const each of lists(genesis)) each.description.moniker = "somebody";
    };
    expect(powers(problemsOf(network({ lifecycle: "started", validators, retired }), renamed))).toEqual([
      "2 of a power of 5 app_state.poa.validators",
    ]);
  });

  test("that every one of the first validators has been replaced is no problem", () => {
    const validators = joined.slice(5);
    expect(problemsOf(network({ lifecycle: "started", validators, retired: [0, 1, 2, 3, 4] }), () => {})).toEqual([]);
  });

  test("validators that `size` leaves out are known; a new chain can't begin without them", () => {
    const [kept, idle] = [own.slice(0, 3), own.slice(3)];
    expect(problemsOf(network({ lifecycle: "started", size: 3 }), () => {}, idle)).toEqual([]);
    expect(powers(problemsOf(network({ lifecycle: "new", size: 3 }), () => {}, idle))).toEqual([
      "3 of a power of 5 app_state.poa.validators",
    ]);
    expect(problemsOf(network({ lifecycle: "new", size: 3 }), only(...kept), idle)).toEqual([]);
  });
});

describe("a key twice", () => {
  const key = own[1]?.consensusPubKey;
  const again = own[1] as never;

  test.each<[name: string, change: Change, places: string]>([
    ["in x/poa", add(again), "app_state.poa.validators[FIRST] and app_state.poa.validators[5]"],
    [
      "in x/staking",
      staking(...own.map((each) => stakingValidator(each)), stakingValidator(again)),
      "app_state.staking.validators[1] and app_state.staking.validators[5]",
    ],
    [
      "in x/genutil",
      transactions(...own.map((each) => genesisTransaction(each)), genesisTransaction(again)),
      "app_state.genutil.gen_txs[1] and app_state.genutil.gen_txs[5]",
    ],
    [
      "in x/poa and x/genutil",
      ({ app_state }) => (app_state.genutil = { gen_txs: [genesisTransaction(again)] }),
      "app_state.poa.validators[FIRST] and app_state.genutil.gen_txs[0]",
    ],
    [
      "in CometBFT's list",
      comet(...own.map((each) => cometValidator(each)), cometValidator(again)),
      "consensus.validators[1] and consensus.validators[5]",
    ],
  ])("%s", (_name, change, places) => {
    const first = lists(genesisOf(fresh)).findIndex(
      (each: Genesis) => each.cons_pub_key_bech32 === poaValidator(again).cons_pub_key_bech32,
    );
    const message = `has the consensus key ${key} twice, in ${places.replace("FIRST", first)}; remove one of them`;
    for (const each of Object.values(all)) expect(problemsOf(each, change)).toEqual([message]);
  });

  test("a stranger's", () => {
    const stranger = strangers[0] as never;
    expect(problemsOf(adopted, add(stranger, stranger))).toHaveLength(1);
  });

  test("one that is described twice is a problem of the network", () => {
    const validators = own.map((each, i) => ({ ...each, ...(i === 4 && { consensusPubKey: key as string }) }));
    expect(() => network({ validators })).toThrow(
      "is already validators[1].consensusPubKey: one key in two validators signs twice",
    );
  });
});

const notOne = "is not a genesis: it is not a JSON object with a chain_id; take the file that the chain's tools made";

describe("what is not a genesis", () => {
  test.each([
    ["nothing", ""],
    ["white space", " \n"],
    ["an object cut off", '{"chain_id":"mezo_31611-1",'],
    ["null", "null"],
    ["a list", "[]"],
    ["a list of null", "[null]"],
    ["a number", "1e999"],
    ["text", '"mezo_31611-1"'],
    ["a byte order mark", `\ufeff${JSON.stringify(genesisOf(fresh))}`],
    ["brackets without end", "[".repeat(1_000_000)],
    ["no chain id", "{}"],
    ["a number as chain id", '{"chain_id":31611}'],
    ["null as chain id", '{"chain_id":null}'],
    ["a list as chain id", '{"chain_id":["mezo_31611-1"]}'],
    ["a chain id in a prototype", '{"__proto__":{"chain_id":"mezo_31611-1"}}'],
  ])("%s", (_name, text) => {
    expect(genesisProblems(adopted, text)).toEqual([notOne]);
  });

  const first = "app_state.poa.validators[0]";
  test.each<[name: string, change: Change, says: string]>([
    ["a chain id alone", (genesis) => void keepOnly(genesis, "chain_id"), "app_state: is missing"],
    ["a chain id and a time", (genesis) => void keepOnly(genesis, "chain_id", "genesis_time"), "app_state: is missing"],
    ["null as state", (genesis) => (genesis.app_state = null), "app_state: null must be an object"],
    ["a list as state", (genesis) => (genesis.app_state = [null]), "app_state: [null] must be an object"],
    ["text as state", (genesis) => (genesis.app_state = "{}"), 'app_state: "{}" must be an object'],
    ["a time in words", (genesis) => (genesis.genesis_time = "soon"), 'genesis_time: "soon" must be an RFC 3339 time'],
    [
      "a time as a number",
      (genesis) => (genesis.genesis_time = 1730285058),
      "genesis_time: 1730285058 must be an RFC 3339 time",
    ],
    ["a 13th month", (genesis) => (genesis.genesis_time = "2024-13-01T00:00:00Z"), "must be an RFC 3339 time"],
    ["text as module", ({ app_state }) => (app_state.poa = "x"), 'app_state.poa: "x" must be an object'],
    [
      "an object as list",
      ({ app_state }) => (app_state.poa.validators = {}),
      "app_state.poa.validators: {} must be a list",
    ],
    ["null as validator", (genesis) => (lists(genesis)[0] = null), `${first}: null must be an object`],
    ["text as validator", (genesis) => (lists(genesis)[0] = "x"), `${first}: "x" must be an object`],
    ["no key", (genesis) => delete lists(genesis)[0].cons_pub_key_bech32, `${first}.cons_pub_key_bech32: is missing`],
    [
      "a number as key",
      (genesis) => (lists(genesis)[0].cons_pub_key_bech32 = 7),
      "7 must be an ed25519 consensus key in bech32",
    ],
    [
      "an address as key",
      (genesis) => (lists(genesis)[0].cons_pub_key_bech32 = lists(genesis)[0].operator_bech32),
      "must be an ed25519 consensus key in bech32",
    ],
    [
      "a key with a letter changed",
      (genesis) => (lists(genesis)[0].cons_pub_key_bech32 = lists(genesis)[0].cons_pub_key_bech32.replace(/.$/, "b")),
      "must be an ed25519 consensus key in bech32",
    ],
    [
      "a key that is too short",
      (genesis) =>
        Object.assign(
          lists(genesis)[0],
          poaValidator({ ...(own[0] as never as object), consensusPubKey: "AAAA" } as never),
        ),
      "must be an ed25519 consensus key in bech32",
    ],
    ["no operator", (genesis) => delete lists(genesis)[0].operator_bech32, `${first}.operator_bech32: is missing`],
    [
      "null as account",
      ({ app_state }) => (app_state.auth.accounts = [null]),
      "app_state.auth.accounts[0]: null must be an object",
    ],
    [
      "a broken address",
      ({ app_state }) => (app_state.auth.accounts = [{ base_account: { address: "mezo1qqqq" } }]),
      'app_state.auth.accounts[0].base_account.address: "mezo1qqqq" must be an address in bech32',
    ],
    ...(["1e30", "-1", "1.5", "", "0x10", "9".repeat(79), 10, 1e300, null] as const).map(
      (tokens): [string, Change, string] => [
        `${String(tokens).slice(0, 5)} of ${typeof tokens} as stake`,
        staking({ ...stakingValidator(own[0] as never), tokens }),
        "must be a whole number of at most 78 digits, as a string",
      ],
    ),
    [
      "no stake",
      staking({ ...stakingValidator(own[0] as never), tokens: undefined }),
      "validators[0].tokens: is missing",
    ],
    [
      "a transaction without messages",
      transactions({ body: {} }),
      "app_state.genutil.gen_txs[0].body.messages: is missing",
    ],
    ["text as transaction", transactions("x" as never), 'app_state.genutil.gen_txs[0]: "x" must be an object'],
    [
      "a key of CometBFT in hex",
      comet({ pub_key: { type: "tendermint/PubKeyEd25519", value: "ab".repeat(32) }, power: "1" }),
      "must be an ed25519 public key: 32 bytes in base64",
    ],
    [
      "a number as power",
      comet({ ...cometValidator(own[0] as never), power: Number.MAX_VALUE }),
      "consensus.validators[0].power",
    ],
  ])("%s", (_name, change, says) => {
    const problems = problemsOf(adopted, change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^is not a genesis: .*; take the file that the chain's tools made$/);
    expect(problems[0]).toContain(says);
  });

  test("a number that no number holds", () => {
    const text = JSON.stringify(genesisOf(fresh)).replace(/"genesis_time":"[^"]*"/, '"genesis_time":1e999');
    expect(genesisProblems(adopted, text)[0]).toContain("genesis_time: Infinity must be an RFC 3339 time");
  });

  test.each<[name: string, change: Change, says: string]>([
    ["no validators", only(), "has no validators: app_state.poa.validators, app_state.staking.validators, "],
    ["an empty state", (genesis) => (genesis.app_state = {}), "has no validators: "],
    ["no time", (genesis) => delete genesis.genesis_time, "lacks genesis_time, "],
    [
      "another chain's",
      (genesis) => (genesis.chain_id = "mezo_31611-10"),
      "is the genesis of mezo_31611-10, but chain.id is mezo_31611-1",
    ],
  ])("%s", (_name, change, says) => {
    for (const each of Object.values(all)) {
      const problems = problemsOf(each, change);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(says);
    }
  });
});

function keepOnly(genesis: Genesis, ...keys: string[]): void {
  for (const key of Object.keys(genesis)) if (!keys.includes(key)) delete genesis[key];
}
