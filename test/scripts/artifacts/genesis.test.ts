import { accountAddress } from "generators/mezod/address.ts";
import { OperatorError } from "generators/operator-error.ts";
import { firstDifference, genesisFacts } from "scripts/artifacts/genesis.ts";
import { expect, test } from "vitest";
import { genesisTransaction, poaValidator, stakingValidator } from "../../support/genesis.ts";
import { inventedValidators } from "../../support/networks.ts";

const validators = inventedValidators(2);
const described = (list: string, power: bigint) =>
  validators.map(({ moniker, accountAddress: operator, consensusPubKey }, i) => ({
    field: `app_state.${list}[${i}]`,
    moniker,
    consensusPubKey,
    operator,
    power,
  }));

const account = (hex: string) => ({ address: accountAddress("mezo", hex) });

/** The same validators as each module's genesis has them. */
const states: Record<string, [list: string, power: bigint, state: object]> = {
  "x/poa": [
    "poa.validators",
    1n,
    {
      poa: { validators: validators.map((validator) => poaValidator(validator)) },
      auth: { accounts: validators.map((validator) => ({ base_account: account(validator.accountAddress) })) },
    },
  ],
  "x/staking": [
    "staking.validators",
    10n ** 20n,
    {
      staking: { validators: validators.map((validator) => stakingValidator(validator, "1".padEnd(21, "0"))) },
      auth: { accounts: validators.map((validator) => account(validator.accountAddress)) },
    },
  ],
  "x/genutil": [
    "genutil.gen_txs",
    7n,
    {
      staking: { validators: [] },
      genutil: { gen_txs: validators.map((validator) => genesisTransaction(validator, "7")) },
      auth: { accounts: validators.map((validator) => account(validator.accountAddress)) },
    },
  ],
};

test.each(Object.entries(states))("validators and accounts of %s", (_module, [list, power, app_state]) => {
  expect(genesisFacts(JSON.stringify({ chain_id: "mezo_1-1", app_state }))).toEqual({
    chainId: "mezo_1-1",
    validators: described(list, power),
    cometValidators: [],
    accounts: validators.map((validator) => validator.accountAddress),
  });
});

const hex = "ab".repeat(20);
const base_account = account(hex);
const base_vesting_account = { base_account, original_vesting: [], end_time: "1767225600" };

test.each<[name: string, account: object]>([
  ["a base account", base_account],
  ["an account of the EVM", { "@type": "/ethermint.types.v1.EthAccount", base_account }],
  ["a module's account", { base_account, name: "bonded_tokens_pool" }],
  ["a continuous vesting account", { base_vesting_account, start_time: "1735689600" }],
  ["a delayed vesting account", { base_vesting_account }],
  ["a periodic vesting account", { base_vesting_account, start_time: "1735689600", vesting_periods: [] }],
  ["a permanently locked account", { "@type": "/cosmos.vesting.v1beta1.PermanentLockedAccount", base_vesting_account }],
])("%s counts by its address", (_name, each) => {
  const app_state = { auth: { accounts: [each] } };
  expect(genesisFacts(JSON.stringify({ chain_id: "mezo_1-1", app_state })).accounts).toEqual([hex]);
});

test("an account without an address does not count", () => {
  const accounts = [{ base_account, name: "bonded_tokens_pool" }, { name: "nobody" }];
  expect(genesisFacts(JSON.stringify({ chain_id: "mezo_1-1", app_state: { auth: { accounts } } })).accounts).toEqual([
    hex,
  ]);
});

test.each([
  ["text that is not JSON", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["no chain_id", '{"app_state":{}}'],
  ["no app_state", '{"chain_id":"mezo_1-1"}'],
  ["null as app_state", '{"chain_id":"mezo_1-1","app_state":null}'],
  ["no key", '{"chain_id":"mezo_1-1","app_state":{"poa":{"validators":[{"operator_bech32":"mezo1"}]}}}'],
  ["a broken address", '{"chain_id":"mezo_1-1","app_state":{"auth":{"accounts":[{"address":"mezo1qqqq"}]}}}'],
])("%s is not a genesis", (_fault, text) => {
  expect(() => genesisFacts(text)).toThrow(OperatorError);
  expect(() => genesisFacts(text)).toThrow(/^is not a genesis/);
});

test.each<[a: unknown, b: unknown, path: string | undefined]>([
  [{}, {}, undefined],
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, undefined],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined],
  [{ a: 1 }, { a: "1" }, "a"],
  [{ a: { b: [0, 1] } }, { a: { b: [0, 2] } }, "a.b[1]"],
  [{ supply: [{ amount: "1" }] }, { supply: [{ amount: "2" }] }, "supply[0].amount"],
  [{ a: [1] }, { a: [1, 2] }, "a[1]"],
  [{ a: [1, 2] }, { a: [1] }, "a[1]"],
  [{ a: 1 }, {}, "a"],
  [{}, { a: null }, "a"],
  [{ a: [] }, { a: {} }, "a"],
  [{ a: null }, { a: {} }, "a"],
  [{ a: 1, b: 1 }, { a: 2, b: 2 }, "a"],
  [1, 2, "the whole"],
  [[], {}, "the whole"],
])("%j and %j differ at %s", (a, b, path) => {
  expect(firstDifference(a, b)).toBe(path);
});
