import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { deletePod, forceDeletePod, killProcess } from "../support/chain/faults.ts";
import { networkFile, withRollout } from "../support/chain/operator.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";

const rounds = 100;
const kills = [killProcess, deletePod, forceDeletePod];

const plain = "settings: { config: {";
// A hundred rounds would take long with a block every three seconds.
const fast = `${plain} consensus: { timeout_commit: "500ms", timeout_propose: "1s" },`;

describeRunningNetwork("a hundred rounds", (network) => {
  test("of killing a random validator: the chain goes on, and no height is signed twice", {
    timeout: 1_200_000,
  }, async () => {
    const { location, chain } = network();
    const seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    const sequence = fc.sample(fc.tuple(fc.constantFrom(...kills), fc.constantFrom(...nodeNames)), {
      seed,
      numRuns: rounds,
    });
    await deploy(network(), "Fast blocks", (text) => withRollout("all-at-once")(text.replace(plain, fast)));
    const start = Date.now();
    let longest = 0;
    for (const [kill, node] of sequence) {
      const killedAt = Date.now();
      await kill(network(), node);
      await chain.grows(1, 90);
      longest = Math.max(longest, Date.now() - killedAt);
    }
    await chain.inStep(180);
    const { faults, signatures } = await findDoubleSigns(chain);
    expect(faults).toEqual([]);
    const minutes = ((Date.now() - start) / 60_000).toFixed(1);
    recordResult(
      location,
      `${rounds} kills`,
      `in ${minutes} min, the next block after ${(longest / 1000).toFixed(1)} s at most; ${signatures} signatures, none twice for a height`,
    );
    await deploy(network(), "Blocks as always", (text) => text.replace(fast, plain));
    // It counts with the next push.
    network().operator.edit(networkFile, withRollout("one-at-a-time"));
  });
});

async function deploy(
  { operator, chain }: RunningNetwork,
  message: string,
  change: (text: string) => string,
): Promise<void> {
  operator.edit(networkFile, change);
  await operator.app.synced(await operator.push(message), 240);
  await operator.app.healthy(120);
  await chain.inStep(120);
}
