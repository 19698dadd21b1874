import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { deletePod, forceDeletePod, killProcess } from "../support/chain/faults.ts";
import { describeLive, type Live } from "../support/chain/live.ts";
import { inMode, networkFile } from "../support/chain/operator.ts";
import { note } from "../support/chain/results.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";

const rounds = 100;
const ways = [killProcess, deletePod, forceDeletePod];

const plain = "settings: { config: {";
// At three seconds a block, a hundred rounds would be long.
const fast = `${plain} consensus: { timeout_commit: "500ms", timeout_propose: "1s" },`;

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
    await deploy(live(), "Fast blocks", (text) => inMode("all-at-once")(text.replace(plain, fast)));
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
    await deploy(live(), "Blocks as always", (text) => text.replace(fast, plain));
    await deploy(live(), "One at a time, as always", inMode("one-at-a-time"));
  });
});

async function deploy({ at, nodes }: Live, message: string, change: (text: string) => string): Promise<void> {
  at.edit(networkFile, change);
  await at.app.synced(await at.push(message), 240);
  await at.app.healthy(120);
  await nodes.isWhole(120);
}
