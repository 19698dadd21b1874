import type { Verdict } from "scripts/lib/verdict.ts";
import type { StatusFacts } from "scripts/status/facts.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { deletePod, killProcess, withoutPod } from "../support/chain/faults.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { local } from "../support/networks.ts";

interface Output {
  code: number;
  lines: string[];
  facts: StatusFacts;
}

/** What `pnpm status` prints as JSON, in the operator's clone. */
async function status({ operator }: RunningNetwork): Promise<Output> {
  const ran = await operator
    .script("status", local.name, "--context", "mezo-cluster", "--output", "json")
    .then((stdout) => ({ code: 0, stdout }))
    // A status that needs a person ends with 1.
    .catch(({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }));
  const { verdicts, facts } = JSON.parse(ran.stdout) as { verdicts: Verdict[]; facts: StatusFacts };
  return { code: ran.code, facts, lines: verdicts.map(({ level, about, says }) => `${level}: ${about} ${says}`) };
}

/** Waits until the status says something, with the exit code that follows. */
const says = (network: RunningNetwork, words: RegExp, code: number) =>
  eventually(
    async () => {
      const output = await status(network);
      const isSaid = output.lines.some((line) => words.test(line)) && output.code === code;
      if (!isSaid) throw new Error([output.code, ...output.lines].join("\n"));
      return output;
    },
    150,
    `${words} and exit code ${code}`,
  );

/** Waits until nothing needs a person. A restart stays a warning for an hour. */
const isWell = (network: RunningNetwork) => says(network, /^ok: chain is signed by all 5 validators$/, 0);

describeRunningNetwork("pnpm status", (network) => {
  test("a network that is well: its height is the chain's, all sign, each disk is measured", async () => {
    const before = await network().chain.top();
    const { facts, lines } = await isWell(network());
    expect(facts.chain).toMatchObject({ value: { members: expect.any(Array), plan: { value: undefined } } });
    expect("value" in facts.chain && facts.chain.value.height).toBeGreaterThanOrEqual(before);
    for (const { node, pod } of facts.validators) {
      expect(node).toMatchObject({ value: { isCatchingUp: false, peers: 4 } });
      expect(pod).toMatchObject({ isReady: true });
    }
    expect(lines).toContainEqual(expect.stringMatching(/^ok: Argo CD is in sync with [0-9a-f]{7}$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ok: JSON-RPC answers at mezo-node-\d-0 /));
  });

  test("a killed process is a warning that says how it ended", async () => {
    await killProcess(network(), "mezo-node-1");
    await says(network(), /^warning: mezo-node-1 has ended with Error: \d+ restarts?, the last \d+ s ago$/, 0);
    await network().chain.inStep(120);
    await isWell(network());
  });

  test("a validator that can't be scheduled needs a person, and so does the chain that can lose no other", async () => {
    await withoutPod(network(), "mezo-node-3", async () => {
      const { lines } = await says(network(), /^error: mezo-node-3 does not run: Unschedulable/, 1);
      expect(lines).toContainEqual(expect.stringMatching(/^error: mezo-node-3 signed 0 of the last 3 blocks$/));
      expect(lines).toContainEqual("error: chain is signed by 4 of 5 validators: one more down stops it");
      // Nobody else is blamed.
      expect(lines.filter((line) => /^error: mezo-node-[0124]/.test(line))).toEqual([]);
    });
    await network().chain.inStep(150);
    await isWell(network());
  });

  test("a deleted pod comes back by itself", async () => {
    await deletePod(network(), "mezo-node-4");
    await isWell(network());
  });

  test("two validators down halt the chain, and the status says since when", async () => {
    await withoutPod(network(), "mezo-node-2", () =>
      withoutPod(network(), "mezo-node-3", async () => {
        const { lines } = await says(network(), /^error: chain stands still at height \d+ since \d+ (s|min)$/, 1);
        expect(lines.filter((line) => line.includes("signed 0 of the last"))).toEqual([]);
      }),
    );
    await network().chain.inStep(180);
    await isWell(network());
  });

  test("a sync that is wedged names the wave and what it waits for", async () => {
    const { operator } = network();
    operator.edit("generators/networks/local.ts", (text) => text.replace('tag: "v0.2.0-rc3"', 'tag: "v0.2.0-rc4"'));
    await operator.push("An image that nobody has");
    try {
      await says(network(), /: Argo CD syncs .+: wave 2 of 12 waits for healthy state of StatefulSet mezo-node-0$/, 1);
      await says(network(), /^error: mezo-node-0 does not run: (ErrImagePull|ImagePullBackOff)/, 1);
    } finally {
      operator.edit("generators/networks/local.ts", (text) => text.replace('tag: "v0.2.0-rc4"', 'tag: "v0.2.0-rc3"'));
      await operator.argocd("app", "terminate-op", "mezo-local").catch(() => {});
      await operator.push("The image before");
      await operator.argocd("app", "sync", "mezo-local", "--async").catch(() => {});
    }
    await network().chain.inStep(300);
    await isWell(network());
  });
});
