import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/chain/no-genesis-change.ts";
import type { Before } from "scripts/rules/rule.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { staging } from "../../../support/rules/overlay.ts";

const genesisOf = (manifests: Manifest[]) =>
  (manifests as { data?: Record<string, string> }[]).map(({ data }) => data?.["genesis.json"]).find(Boolean) ?? "";

const before = (change: Partial<Before> = {}): Before => ({
  commit: "abc1234",
  chainId: network.chain.id,
  genesis: genesisOf(staging().manifests),
  isSealed: true,
  ...change,
});

const found = (earlier: Before[], of = network) =>
  [...rule.check(staging().manifests, of, earlier)].map(({ message }) => message);

test("the same genesis passes, and so does one with nothing before it", () => {
  expect(found([before(), before()])).toEqual([]);
  expect(found([])).toEqual([]);
});

test("another genesis for the same chain id, at whichever commit it was", () => {
  expect(found([before({ genesis: "{}" })])).toEqual([
    expect.stringMatching(
      /^changed from 44136fa355b3 at commit abc1234 to [0-9a-f]{12}; the chain is still mezo_31611-1$/,
    ),
  ]);
  expect(found([before(), before({ genesis: "{}" })])).toHaveLength(1);
});

test("another chain id may have another genesis", () => {
  expect(found([before({ genesis: "{}", chainId: "mezo_31611-0" })])).toEqual([]);
});

test("a new network may change it until it is sealed", () => {
  const fresh = { ...network, lifecycle: "new" as const };
  expect(found([before({ genesis: "{}", isSealed: false })], fresh)).toEqual([]);
  expect(found([before({ genesis: "{}" })], fresh)).toHaveLength(1);
  expect(found([before({ genesis: "{}", isSealed: false })])).toHaveLength(1);
});
