import { createHash } from "node:crypto";
import { accountAddress, consensusPubKey, operatorAddress } from "generators/mezod/address.ts";
import { composeGenesis } from "generators/mezod/genesis.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network } from "generators/network/schema.ts";
import { expect, test } from "vitest";
import { manyValidators, staging } from "../../support/networks.ts";

// The SHA-256 of the live network's genesis as canonical JSON, with sorted keys and no spaces.
const live = "9689b9f024f644bb6223cbe611d6dfe32b99e858b02bca09d24dde8e5e22e50c";

const compose = (network: Network) => {
  if (network.genesis.kind !== "composed") throw new Error("the genesis is not composed");
  return composeGenesis(network, network.genesis);
};

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
};

test("staging composes the live network's genesis", () => {
  const json = JSON.stringify(canonical(compose(staging)));
  expect(createHash("sha256").update(json).digest("hex")).toBe(live);
});

test("a network's parameters replace the modules' defaults", () => {
  if (staging.genesis.kind !== "composed") throw new Error("the genesis is not composed");
  const genesis = compose(
    defineNetwork({
      ...staging,
      genesis: {
        ...staging.genesis,
        params: { feemarket: { base_fee: "7" } },
        consensus: { block: { max_gas: "1" } },
      },
    }),
  );
  expect(genesis.app_state.feemarket.params).toMatchObject({ base_fee: "7", elasticity_multiplier: 2 });
  expect(genesis.consensus.params.block).toEqual({ max_bytes: "22020096", max_gas: "1" });
});

test("the supply is the sum of the balances, even beyond the range of a double", () => {
  const network = manyValidators(100);
  const accounts = network.genesis.kind === "composed" ? network.genesis.accounts : [];
  const { bank } = compose(network).app_state;
  const sum = bank.balances.reduce((total, { coins }) => total + BigInt(coins[0]?.amount ?? 0), 0n);
  expect(bank.supply[0]?.amount).toBe(String(sum));
  expect(bank.balances).toHaveLength(network.validators.length + accounts.length);
});

test.each([
  [accountAddress, "0504d82efb7db7a8c05e8df8cea575d8c9f48bb2", "mezo1q5zdsthm0km63sz73huvaft4mrylfzajukudua"],
  [operatorAddress, "0504d82efb7db7a8c05e8df8cea575d8c9f48bb2", "mezovaloper1q5zdsthm0km63sz73huvaft4mrylfzaj0dz0dp"],
  [
    consensusPubKey,
    "9OUApM+63xkHEwkp7t0yOES2PYr1xmtbix+Z9gzQBQY=",
    "mezovalconspub1zcjduepq7njspfx0ht03jpcnpy57ahfj8pztv0v27hrxkkutr7vlvrxsq5rqecwaxg",
  ],
])("%o encodes a key as the chain does", (encode, key, bech32) => {
  expect(encode("mezo", key)).toBe(bech32);
});
