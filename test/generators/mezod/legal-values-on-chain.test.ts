import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { type LoopbackChain, makeLoopbackChain } from "../../support/loopback-chain.ts";
import { type Seen, seenWith } from "../../support/settings/on-chain.ts";
import { sampleOf } from "../../support/settings/sample.ts";
import { type Free, free, type Refused, refused } from "../../support/settings/table.ts";

// What the table says of settings, on two nodes that have them. `pnpm test:settings` tries all; a run of all tests tries a
// few, and others with another SEED. SETTING tries those with a word in their name.

const outcomes: readonly string[] = ["they stop", "no blocks", "no calls"] satisfies Seen[];
const canBeSeen = ([, , , , harm]: Refused) => outcomes.includes(harm);

const named = <T extends Free | Refused>(rows: readonly T[]) => {
  const { SETTING, SETTINGS, SEED = "1" } = process.env;
  if (SETTING !== undefined) return rows.filter(([, path, value]) => `${path} = ${value}`.includes(SETTING));
  return SETTINGS === "all" ? rows : sampleOf(rows, 2, SEED);
};

describeWithMezod("two nodes", () => {
  let chain: LoopbackChain;
  beforeAll(async () => {
    chain = await makeLoopbackChain(2);
  }, 300_000);
  afterAll(() => chain?.remove());

  test.each(named(free))("with %s.toml %s = %j make blocks and answer calls", async (file, path, value) => {
    expect(await seenWith(chain, file, path, value)).toBe("blocks and calls");
  });

  test.each(named(refused.filter(canBeSeen)))("with %s.toml %s = %j, which %s refuses: %s", async (...row) => {
    const [file, path, value, , harm] = row;
    expect(await seenWith(chain, file, path, value)).toBe(harm);
  });
});
