import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/history/no-genesis-change.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";
import { staging } from "../../../support/rules/overlay.ts";

const before = (genesis?: string, placement = earlierPlacement()) => {
  const { manifests } = staging();
  for (const { data } of manifests as (Manifest & { data?: Record<string, string> })[]) {
    if (genesis !== undefined && data?.["genesis.json"]) data["genesis.json"] = genesis;
  }
  return earlier({ manifests, placement });
};

const found = (commits: ReturnType<typeof before>[], of = network) =>
  [...rule.check(staging().manifests, of, commits)].map(({ message }) => message);

test("the same genesis passes, and so does one with nothing before it", () => {
  expect(found([before(), before()])).toEqual([]);
  expect(found([])).toEqual([]);
  expect(found([earlier({ manifests: undefined })])).toEqual([]);
});

test("another genesis for the same chain id, at whichever commit it was", () => {
  expect(found([before("{}")])).toEqual([
    expect.stringMatching(
      /^changed from 44136fa355b3 at commit abc1234 to [0-9a-f]{12}; the chain is still mezo_31611-1$/,
    ),
  ]);
  expect(found([before(), before("{}")])).toHaveLength(1);
});

test("another chain id may have another genesis", () => {
  expect(found([before("{}", earlierPlacement({ chainId: "mezo_31611-0" }))])).toEqual([]);
});

test("a new network may change it until it is sealed", () => {
  const fresh = { ...network, lifecycle: "new" as const };
  const unsealed = earlierPlacement({ isSealed: false });
  expect(found([before("{}", unsealed)], fresh)).toEqual([]);
  expect(found([before("{}")], fresh)).toHaveLength(1);
  expect(found([before("{}", unsealed)])).toHaveLength(1);
});
