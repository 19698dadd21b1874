import * as v from "valibot";
import { type Problem, valueAt } from "../network/problem.ts";
import { asObject, text } from "../network/strict-schema.ts";
import { decodeAddress, decodeConsensusPubKey } from "./address.ts";

/** A validator of a genesis. */
export interface GenesisValidator {
  /** Where it stands, such as app_state.poa.validators[3]. */
  field: string;
  moniker: string;
  /** Consensus key's public half, base64. */
  consensusPubKey: string;
  /** Operator's account address, hex. CometBFT's own list has none. */
  operator?: string;
  /** Its weight in consensus: 1 in x/poa, its stake in x/staking. 0 where it is not in the set. */
  power: bigint;
}

/** What is read of a genesis. */
export interface GenesisFacts {
  chainId: string;
  /** RFC 3339. */
  time?: string;
  /** The validators that the application starts with: those of x/poa, of x/staking, and those of x/genutil's transactions. */
  validators: GenesisValidator[];
  /** The lists that CometBFT starts with, which an exported genesis has besides. */
  cometValidators: GenesisValidator[][];
  /** Account addresses in hex. */
  accounts: string[];
}

/** The objects of a genesis have more keys than are read here. */
const object = <const T extends v.ObjectEntries>(entries: T) => asObject(v.looseObject(entries));

// Go writes a list without items as null.
const list = <Input, Output>(item: v.GenericSchema<Input, Output>) => v.nullish(v.array(item), []);

/** Text that a function decodes; what the function can't decode is a problem. */
const decoded = (decode: (text: string) => string, expected: string) =>
  v.pipe(
    v.string(`must be ${expected}`),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return decode(dataset.value);
      } catch {
        addIssue({ message: `must be ${expected}` });
        return NEVER;
      }
    }),
  );

function canonical(key: string): string {
  const bytes = Buffer.from(key, "base64");
  if (bytes.length !== 32 || bytes.toString("base64") !== key) throw new Error("not an ed25519 key");
  return key;
}

const address = decoded(decodeAddress, "an address in bech32");
const key = decoded(canonical, "an ed25519 public key: 32 bytes in base64");
const bech32Key = decoded((each) => canonical(decodeConsensusPubKey(each)), "an ed25519 consensus key in bech32");

// The SDK's integers have up to 256 bits.
const whole = v.pipe(
  text(/^\d{1,78}$/, "a whole number of at most 78 digits, as a string"),
  v.transform((digits) => BigInt(digits)),
);

const description = v.nullish(object({ moniker: v.nullish(v.string(), "") }));

const poaValidator = object({ operator_bech32: address, cons_pub_key_bech32: bech32Key, description });

const stakingValidator = object({
  operator_address: address,
  consensus_pubkey: object({ key }),
  tokens: whole,
  status: v.optional(v.string()),
  jailed: v.optional(v.boolean()),
  description,
});

const genesisTransaction = object({
  body: object({
    messages: v.array(
      object({ validator_address: address, pubkey: object({ key }), value: object({ amount: whole }), description }),
    ),
  }),
});

const cometValidator = object({ pub_key: object({ value: key }), power: whole, name: v.nullish(v.string(), "") });

const baseAccount = v.nullish(object({ address: v.optional(address) }));

/** An account is a base account, holds one, or is a vesting account, whose base account is a level deeper. */
const account = object({
  address: v.optional(address),
  base_account: baseAccount,
  base_vesting_account: v.nullish(object({ base_account: baseAccount })),
});

const genesisTime = v.pipe(
  text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, "an RFC 3339 time"),
  v.check((time) => !Number.isNaN(Date.parse(time)), "must be an RFC 3339 time"),
);

const schema = object({
  chain_id: v.string("must be the chain's id"),
  genesis_time: v.optional(genesisTime),
  app_state: object({
    auth: v.nullish(object({ accounts: list(account) })),
    poa: v.nullish(object({ validators: list(poaValidator) })),
    staking: v.nullish(object({ validators: list(stakingValidator) })),
    genutil: v.nullish(object({ gen_txs: list(genesisTransaction) })),
  }),
  validators: list(cometValidator),
  consensus: v.nullish(object({ validators: list(cometValidator) })),
});

type Genesis = v.InferOutput<typeof schema>;

const withChainId = object({ chain_id: v.string() });

/** What is wrong with a text that is not a genesis, and the chain id where it has one. */
interface Malformed {
  problem: Problem;
  chainId: string | undefined;
}

/** Reads a genesis. Where the text is not one, the problem says which field of it is wrong. */
export function readGenesis(json: string): { facts: GenesisFacts } | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Shown below as what it is: no object.
  }
  const { success, output, issues } = v.safeParse(schema, value, { message: mistyped, abortEarly: true });
  if (success) return { facts: factsOf(output) };
  const [issue] = issues;
  const path = (issue.path ?? []).map((each) => each.key as PropertyKey);
  const found = valueAt(value, path);
  return {
    problem: { path, value: found, message: found === undefined ? "is missing" : issue.message },
    chainId: v.is(withChainId, value) ? value.chain_id : undefined,
  };
}

/** The message where a schema has none of its own. */
const mistyped = ({ type }: v.BaseIssue<unknown>) => `must be ${type === "array" ? "a list" : `a ${type}`}`;

const factsOf = ({ chain_id, genesis_time, app_state, validators, consensus }: Genesis): GenesisFacts => ({
  chainId: chain_id,
  ...(genesis_time !== undefined && { time: genesis_time }),
  validators: [...poaValidators(app_state), ...stakingValidators(app_state), ...transactions(app_state)],
  cometValidators: [
    cometValidators("validators", validators),
    cometValidators("consensus.validators", consensus?.validators ?? []),
  ].filter((set) => set.length > 0),
  accounts: (app_state.auth?.accounts ?? []).flatMap(
    (each) => each.base_vesting_account?.base_account?.address ?? each.base_account?.address ?? each.address ?? [],
  ),
});

type State = Genesis["app_state"];

const poaValidators = ({ poa }: State): GenesisValidator[] =>
  (poa?.validators ?? []).map((each, i) => ({
    field: `app_state.poa.validators[${i}]`,
    moniker: each.description?.moniker ?? "",
    consensusPubKey: each.cons_pub_key_bech32,
    operator: each.operator_bech32,
    power: 1n,
  }));

const stakingValidators = ({ staking }: State): GenesisValidator[] =>
  (staking?.validators ?? []).map((each, i) => ({
    field: `app_state.staking.validators[${i}]`,
    moniker: each.description?.moniker ?? "",
    consensusPubKey: each.consensus_pubkey.key,
    operator: each.operator_address,
    power: each.jailed || (each.status ?? bonded) !== bonded ? 0n : each.tokens,
  }));

const bonded = "BOND_STATUS_BONDED";

const transactions = ({ genutil }: State): GenesisValidator[] =>
  (genutil?.gen_txs ?? []).flatMap(({ body }, i) =>
    body.messages.map((each) => ({
      field: `app_state.genutil.gen_txs[${i}]`,
      moniker: each.description?.moniker ?? "",
      consensusPubKey: each.pubkey.key,
      operator: each.validator_address,
      power: each.value.amount,
    })),
  );

const cometValidators = (field: string, validators: Genesis["validators"]): GenesisValidator[] =>
  validators.map(({ pub_key, power, name }, i) => ({
    field: `${field}[${i}]`,
    moniker: name,
    consensusPubKey: pub_key.value,
    power,
  }));
