import { expect, test } from "vitest";
import { type Block, nodeNames } from "../support/chain/chain.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";

/** A chain of three blocks, as nodes would have it after that change. */
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

test("a chain in which nobody did", async () => {
  expect(await findDoubleSigns(chain(() => {}))).toEqual({ wrong: [], signatures: 9 });
});

test.each<[string, Parameters<typeof chain>[0], string]>([
  ["evidence", ([, second]) => second?.evidence.push({ type: "duplicate vote" }), "evidence in block 2"],
  ["another block", (_, ids) => ids["mezo-node-3"]?.splice(2, 1, "id of another"), "two blocks at height 3"],
  [
    "one signer twice",
    ([, , third]) => third?.lastCommit.signatures.push({ validator: "B", flag: 3 }),
    "B signed height 2 twice",
  ],
])("%s is found", async (_, change, message) => {
  const { wrong } = await findDoubleSigns(chain(change));
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toContain(message);
});
