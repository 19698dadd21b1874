import type { Network } from "generators/network/schema.ts";
import rule from "scripts/rules/history/require-paused-leavers.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement, paused } from "../../../support/rules/history.ts";

const without = (...indexes: number[]): Network => ({
  ...network,
  retired: indexes,
  validators: network.validators.filter(({ index }) => !indexes.includes(index)),
});
const now = earlierPlacement();
const found = (of: Network | undefined, placement = now) =>
  [...rule.check([], of, [earlier({ placement })])].map(({ object, message }) => `${object}: ${message}`);

test("nobody leaves, or one that was paused", () => {
  expect(found(network)).toEqual([]);
  expect(found(without(2), paused(now, [2]))).toEqual([]);
});

test("one leaves that was not paused", () => {
  expect(found(without(4))).toEqual(["StatefulSet/mezo-node-4: is gone, but was not paused at commit abc1234"]);
});

test("more leave at once than the chain tolerates, paused or not", () => {
  expect(found(without(3, 4), paused(now, [3, 4]))).toEqual([
    "validators: 2 of 5 validators are gone since commit abc1234: mezo-node-3, mezo-node-4; the chain tolerates 1",
  ]);
});

test("a network that is gone as a whole must have been paused as a whole", () => {
  expect(found(undefined)).toHaveLength(6);
  expect(found(undefined, paused(now))).toEqual([]);
});

test("each leaver is reported once, whatever the number of commits", () => {
  expect([...rule.check([], without(4), [earlier(), earlier()])]).toHaveLength(1);
});

test("a network that never ran may lose any", () => {
  expect(found(without(0, 1, 2), { ...now, lifecycle: "new", isSealed: false })).toEqual([]);
});
