import rule from "scripts/rules/history/no-lifecycle-return.ts";
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

test.each(["started", "adopted"] as const)("never from %s back to new", (was) => {
  expect(found(was, "new")).toEqual([`is "new", but was "${was}" at commit abc1234`]);
});

test("another chain begins anew", () => {
  expect(found("started", "new", "mezo_31611-0")).toEqual([]);
});
