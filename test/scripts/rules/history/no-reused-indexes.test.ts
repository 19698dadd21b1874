import rule from "scripts/rules/history/no-reused-indexes.ts";
import { expect, test } from "vitest";
import { inventedValidators, staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";

const found = (of: typeof network, placement = earlierPlacement()) =>
  [...rule.check([], of, [earlier({ placement })])].map(({ field, message }) => `${field}: ${message}`);

test("indexes that keep their keys, and one more that has left", () => {
  expect(found(network)).toEqual([]);
  expect(found({ ...network, retired: [1, 2] }, earlierPlacement({ retired: [1] }))).toEqual([]);
});

test("`retired` only grows", () => {
  expect(found({ ...network, retired: [2] }, earlierPlacement({ retired: [1, 2] }))).toEqual([
    "retired: lacks 1, which it has at commit abc1234",
  ]);
});

test("another key under the same index", () => {
  const [first, ...others] = network.validators;
  const consensusPubKey = inventedValidators(1)[0]?.consensusPubKey as string;
  const changed = { ...network, validators: [{ ...first, consensusPubKey } as typeof first, ...others] };
  expect(found(changed as typeof network)).toEqual([
    `consensusPubKey of 0: index 0 has the key ${consensusPubKey}, but at commit abc1234 it had ${first?.consensusPubKey}`,
  ]);
  expect(found(changed as typeof network, earlierPlacement({ lifecycle: "new", isSealed: false }))).toEqual([]);
});
