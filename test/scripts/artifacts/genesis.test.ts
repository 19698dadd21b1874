import { accountAddress, consensusPubKey, operatorAddress } from "generators/mezod/address.ts";
import { firstDifference, genesisFacts } from "scripts/artifacts/genesis.ts";
import { expect, test } from "vitest";
import { inventedValidators } from "../../support/networks.ts";

const validators = inventedValidators(2);
const described = validators.map(({ moniker, accountAddress: operator, consensusPubKey }) => ({
  moniker,
  consensusPubKey,
  operator,
}));

const account = (hex: string) => ({ address: accountAddress("mezo", hex) });
const description = ({ moniker }: (typeof validators)[number]) => ({ moniker });

/** The same validators as each module's genesis has them. */
const states = {
  "x/poa": {
    poa: {
      validators: validators.map((validator) => ({
        operator_bech32: operatorAddress("mezo", validator.accountAddress),
        cons_pub_key_bech32: consensusPubKey("mezo", validator.consensusPubKey),
        description: description(validator),
      })),
    },
    auth: { accounts: validators.map((validator) => ({ base_account: account(validator.accountAddress) })) },
  },
  "x/staking": {
    staking: {
      validators: validators.map((validator) => ({
        operator_address: operatorAddress("mezo", validator.accountAddress),
        consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: validator.consensusPubKey },
        description: description(validator),
      })),
    },
    auth: { accounts: validators.map((validator) => account(validator.accountAddress)) },
  },
  "x/genutil": {
    staking: { validators: [] },
    genutil: {
      gen_txs: validators.map((validator) => ({
        body: {
          messages: [
            {
              validator_address: operatorAddress("mezo", validator.accountAddress),
              pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: validator.consensusPubKey },
              description: description(validator),
            },
          ],
        },
      })),
    },
    auth: { accounts: validators.map((validator) => account(validator.accountAddress)) },
  },
};

test.each(Object.entries(states))("validators and accounts of %s", (_module, app_state) => {
  expect(genesisFacts(JSON.stringify({ chain_id: "mezo_1-1", app_state }))).toEqual({
    chainId: "mezo_1-1",
    validators: described,
    accounts: validators.map((validator) => validator.accountAddress),
  });
});

test("a module account counts by its base account; an account without an address does not count", () => {
  const hex = "ab".repeat(20);
  const accounts = [{ base_account: account(hex), name: "bonded_tokens_pool" }, { name: "nobody" }];
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
  expect(() => genesisFacts(text)).toThrow();
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
