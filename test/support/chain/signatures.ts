import { type Block, type Chain, nodeNames } from "./chain.ts";

// CometBFT's BlockIDFlag of a signature for the block, as opposed to one for nil.
const commitFlag = 2;

/**
 * Searches the chain for validators that signed a height twice: evidence that nodes found, different blocks at one height,
 * and commits with two signatures of one validator.
 *
 * @returns the faults, a line each, and the number of signatures that were checked.
 */
export async function findDoubleSigns(
  chain: Pick<Chain, "height" | "blocks" | "ids">,
): Promise<{ faults: string[]; signatures: number }> {
  const top = Math.min(...(await Promise.all(nodeNames.map(chain.height))));
  const blocks = await chain.blocks("mezo-node-0", 1, top);
  const ids = await Promise.all(nodeNames.map((node) => chain.ids(node, top)));
  const faults = blocks.flatMap((block, index) => [
    ...(block.evidence.length > 0 ? [`evidence in block ${block.height}: ${JSON.stringify(block.evidence)}`] : []),
    ...ids
      .filter((ids) => ids[index] !== undefined && ids[index] !== block.id)
      .map(() => `two blocks at height ${block.height}`),
    ...signedTwice(block),
  ]);
  const signatures = blocks.flatMap(({ lastCommit }) =>
    lastCommit.signatures.filter(({ flag }) => flag === commitFlag),
  );
  return { faults, signatures: signatures.length };
}

function signedTwice({ lastCommit: { height, signatures } }: Block): string[] {
  const signers = signatures.map(({ validator }) => validator).filter(Boolean);
  return signers
    .filter((signer, index) => signers.indexOf(signer) !== index)
    .map((signer) => `${signer} signed height ${height} twice`);
}
