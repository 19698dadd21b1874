import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeNames } from "./chain.ts";
import { deletePod, forceDeletePod, killProcess } from "./faults.ts";
import { describeLive } from "./live.ts";
import { note } from "./results.ts";
import { findDoubleSigns } from "./signatures.ts";

const rounds = 100;
const ways = [killProcess, deletePod, forceDeletePod];

describeLive("a hundred rounds", (live) => {
  test("of killing a validator at random: the chain goes on, and no height is signed twice", {
    timeout: 1_200_000,
  }, async () => {
    const { place, nodes } = live();
    const seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    const kills = fc.sample(fc.tuple(fc.constantFrom(...ways), fc.constantFrom(...nodeNames)), {
      seed,
      numRuns: rounds,
    });
    const start = Date.now();
    let longest = 0;
    for (const [kill, node] of kills) {
      const began = Date.now();
      await kill(live(), node);
      await nodes.grows(1, 90);
      longest = Math.max(longest, Date.now() - began);
    }
    await nodes.isWhole(180);
    const { wrong, signatures } = await findDoubleSigns(nodes);
    expect(wrong).toEqual([]);
    const minutes = ((Date.now() - start) / 60_000).toFixed(1);
    note(
      place,
      `${rounds} kills`,
      `in ${minutes} min, the next block after ${(longest / 1000).toFixed(1)} s at most; ${signatures} signatures, none twice for a height`,
    );
  });
});
