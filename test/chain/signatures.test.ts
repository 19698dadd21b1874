import { expect, test } from "vitest";
import { type Block, nodeNames } from "../support/chain/chain.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";

/** A chain of three blocks, as its nodes have it after a change. */
function chain(change: (blocks: Block[], ids: Record<string, string[]>) => void) {
  const signatures = ["A", "B", "C"].map((validator) => ({ validator, flag: 2 }));
  const blocks: Block[] = [1, 2, 3].map((height) => ({
    height,
    time: height * 1000,
    id: `id ${height}`,
    evidence: [],
    lastCommit: { height: height - 1, signatures: [...signatures] },
  }));
  const ids = Object.fromEntries(nodeNames.map((node) => [node, blocks.map(({ id }) => id)]));
  change(blocks, ids);
  return {
    height: async () => blocks.length,
    blocks: async () => blocks,
    ids: async (node: string) => ids[node] ?? [],
  };
}

test("finds nothing in a chain without double signs", async () => {
  expect(await findDoubleSigns(chain(() => {}))).toEqual({ faults: [], signatures: 9 });
});

test("a node may lack the first blocks", async () => {
  const lacking = chain((_, ids) => (ids["mezo-node-1"] as (string | undefined)[]).fill(undefined, 0, 2));
  expect((await findDoubleSigns(lacking)).faults).toEqual([]);
});

test.each<[string, Parameters<typeof chain>[0], string]>([
  ["evidence", ([, second]) => second?.evidence.push({ type: "duplicate vote" }), "evidence in block 2"],
  ["a different block", (_, ids) => ids["mezo-node-3"]?.splice(2, 1, "id of another"), "two blocks at height 3"],
  [
    "two signatures of one validator",
    ([, , third]) => third?.lastCommit.signatures.push({ validator: "B", flag: 3 }),
    "B signed height 2 twice",
  ],
])("finds %s", async (_, change, message) => {
  const { faults } = await findDoubleSigns(chain(change));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(message);
});
