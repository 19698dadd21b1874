import rule from "scripts/rules/history/valid-lifecycle-change.ts";
import { expect, test } from "vitest";
import { staging } from "../../../support/networks.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";

type Lifecycle = typeof staging.lifecycle;
const found = (was: Lifecycle | undefined, is: Lifecycle, chainId = staging.chain.id) => {
  const { lifecycle, ...rest } = earlierPlacement({ chainId });
  const placement = was ? { ...rest, lifecycle: was } : rest;
  return [...rule.check([], { ...staging, lifecycle: is }, [earlier({ placement })])].map(({ message }) => message);
};

test.each([
  ["adopted", "adopted"],
  ["new", "new"],
  ["new", "started"],
  ["started", "started"],
  [undefined, "new"],
] as const)("from %s to %s", (was, is) => {
  expect(found(was, is)).toEqual([]);
});

test.each([
  ["started", "new"],
  ["adopted", "new"],
  ["adopted", "started"],
  ["started", "adopted"],
  ["new", "adopted"],
] as const)("never from %s to %s", (was, is) => {
  expect(found(was, is)).toEqual([`is "${is}", but was "${was}" at commit abc1234`]);
});

test("a new network that never ran may become any", () => {
  const placement = earlierPlacement({ lifecycle: "new", isSealed: false });
  expect([...rule.check([], { ...staging, lifecycle: "adopted" }, [earlier({ placement })])]).toEqual([]);
});

test("another chain begins anew", () => {
  expect(found("started", "new", "mezo_31611-0")).toEqual([]);
});
