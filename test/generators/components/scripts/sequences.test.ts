import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWithMezod } from "../../../support/describe-with-mezod.ts";
import { type OperatedChain, operatedChain } from "../../../support/operated-chain.ts";

// `pnpm test:sequences` runs 200. A failure is run again with its SEED.
const count = Number(process.env.SEQUENCES ?? 2);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const actions = ["push all", "push one", "push with kill", "kill", "pause", "restore", "wipe"] as const;
const size = 5;
const index = fc.nat(size - 1);
const step = fc.record({
  action: fc.constantFrom(...actions),
  validator: index,
  other: index,
  age: fc.integer({ min: 1, max: 25 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const sequences = fc
  .sample(fc.array(step, { minLength: 3, maxLength: 5 }), { seed, numRuns: count })
  .map((steps, number) => ({
    number,
    name: steps.map(({ action, validator }) => `${action} ${validator}`).join(", "),
    steps,
  }));
// A volume that is wiped gets every block since the first one again: a chain of hundreds of sequences would take minutes.
const perChain = 10;

/** Tries some of the sequences, one after the other, on a chain of their own. */
function onOneChain(some: typeof sequences): void {
  let chain: OperatedChain;
  let held = 0;
  let rolled = 0;
  let refused = 0;
  beforeAll(async () => {
    chain = await operatedChain(size);
    await chain.start();
  }, 300_000);
  afterAll(() => {
    const tally = `${rolled} pushes rolled, ${held} held by a gate, ${refused} starts refused by preflight`;
    console.log(`${chain?.signatures() ?? 0} signatures, ${tally}`);
    chain?.remove();
  });

  const push = async (pushing: Promise<"rolled" | "held">) => {
    if ((await pushing) === "held") held++;
    else rolled++;
  };
  const refuse = async (refusal: Promise<string>, expected: RegExp) => {
    const text = await refusal;
    expect(text).toMatch(expected);
    if (!text.startsWith("not ")) refused++;
  };

  async function take({ action, validator, other, age }: Step): Promise<void> {
    // An operator neither restores nor wipes a volume while another validator is away, and kills none that is paused.
    const isWhole = chain.paused.size === 0;
    const isPaused = chain.paused.has(validator);
    if (action === "push all") await push(chain.push(chain.all));
    else if (action === "push one") await push(chain.push([validator]));
    else if (action === "pause") await push(chain.pause(validator));
    else if (action === "push with kill" && isWhole && other !== validator)
      await push(chain.pushWithKill(validator, other));
    else if (action === "restore" && isWhole)
      await refuse(chain.restore(validator, age), /its key has signed height|not older|not shown/);
    else if (action === "wipe" && isWhole) await refuse(chain.wipe(validator), /its volume is empty/);
    else if (!isPaused) await chain.kill(validator);
  }

  test.each(some)(
    "$number: $name",
    async ({ steps }) => {
      for (const each of steps) {
        await take(each);
        expect(await chain.doubleSigns()).toEqual([]);
      }
      await chain.resumeAll();
      expect(await chain.doubleSigns()).toEqual([]);
    },
    900_000,
  );
}

describeWithMezod(`${count} random sequences of pushes, kills, pauses, restores and wipes, seed ${seed}`, () => {
  for (let first = 0; first < count; first += perChain) {
    describe(`from ${first} on`, () => onOneChain(sequences.slice(first, first + perChain)));
  }
});
