import { type Block, type Chain, nodeNames } from "./chain.ts";

// CometBFT's BlockIDFlag: a signature for the block, or for none.
const commit = 2;

/**
 * Looks through the chain for whoever signed a height twice: evidence that nodes found, nodes that have different blocks
 * at a height, and commits with two signatures of one validator.
 *
 * @returns what is wrong, a line each, and how many signatures were looked at.
 */
export async function findDoubleSigns(
  chain: Pick<Chain, "height" | "blocks" | "ids">,
): Promise<{ wrong: string[]; signatures: number }> {
  const top = Math.min(...(await Promise.all(nodeNames.map(chain.height))));
  const blocks = await chain.blocks("mezo-node-0", 1, top);
  const ids = await Promise.all(nodeNames.map((node) => chain.ids(node, top)));
  const wrong = blocks.flatMap((block, index) => [
    ...(block.evidence.length > 0 ? [`evidence in block ${block.height}: ${JSON.stringify(block.evidence)}`] : []),
    ...ids.filter((ids) => ids[index] !== block.id).map(() => `two blocks at height ${block.height}`),
    ...signedTwice(block),
  ]);
  const signatures = blocks.flatMap(({ lastCommit }) => lastCommit.signatures.filter(({ flag }) => flag === commit));
  return { wrong, signatures: signatures.length };
}

function signedTwice({ lastCommit: { height, signatures } }: Block): string[] {
  const signers = signatures.map(({ validator }) => validator).filter(Boolean);
  return signers
    .filter((signer, index) => signers.indexOf(signer) !== index)
    .map((signer) => `${signer} signed height ${height} twice`);
}
