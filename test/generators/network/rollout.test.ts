import { lastWave, tolerated, validatorWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
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
  ["one-at-a-time", 5, [2, 4, 6, 8, 10], 12],
  ["all-at-once", 5, [2, 2, 2, 2, 2], 4],
  [{ batch: 2, order: [] }, 7, [2, 2, 4, 4, 6, 6, 8], 10],
  [{ batch: 1, order: [4, 2] }, 5, [6, 8, 4, 10, 2], 12],
  [{ batch: 2, order: [6] }, 7, [2, 4, 4, 6, 6, 8, 2], 10],
] satisfies [Network["rollout"], number, number[], number][])(
  "%j over %i validators gives the waves %j",
  (rollout, count, waves, last) => {
    const network = manyValidators(count, { rollout });
    expect(network.validators.map(({ index }) => validatorWave(network, index))).toEqual(waves);
    expect(lastWave(network)).toBe(last);
  },
);
