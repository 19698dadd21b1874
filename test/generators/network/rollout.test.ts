import { lastWave, tolerated, validatorWave } from "generators/network/rollout.ts";
import { expect, test } from "vitest";
import { manyValidators } from "../../support/networks.ts";

test.each([
  [1, 0],
  [3, 0],
  [4, 1],
  [5, 1],
  [6, 1],
  [7, 2],
  [100, 33],
])("of %i validators %i may be down", (validators, down) => {
  expect(tolerated(validators)).toBe(down);
  expect(3 * (validators - down)).toBeGreaterThan(2 * validators);
  expect(3 * (validators - down - 1)).toBeLessThanOrEqual(2 * validators);
});

test.each([
  ["one-at-a-time", 5, [1, 2, 3, 4, 5], 6],
  ["all-at-once", 5, [1, 1, 1, 1, 1], 2],
  [{ batch: 2 }, 7, [1, 1, 2, 2, 3, 3, 4], 5],
] as const)("%j over %i validators gives the waves %j", (rollout, count, waves, last) => {
  const network = manyValidators(count, { rollout });
  expect(network.validators.map(({ index }) => validatorWave(network, index))).toEqual(waves);
  expect(lastWave(network)).toBe(last);
});
