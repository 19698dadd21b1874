import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { deletePod, forceDeletePod, killProcess } from "../support/chain/faults.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { notInSample } from "../support/sample.ts";

const rounds = 100;
const kills = [killProcess, deletePod, forceDeletePod];

describeRunningNetwork(
  "a hundred rounds",
  (network) => {
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
    });
  },
  notInSample(2),
);
