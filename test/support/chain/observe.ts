import { setTimeout as sleep } from "node:timers/promises";
import { type Block, gaps } from "./chain.ts";
import type { Live } from "./live.ts";

/** What came of a change, as seen from outside while it went on. */
export interface Observed {
  /** Seconds between two blocks: the longest, and the median. */
  longestGap: number;
  medianGap: number;
  /** JSON-RPC requests through the Service, and what the failed ones said. */
  requests: number;
  failures: string[];
}

// The stand-in's answer now and then, once in thousands, where the Cosmos SDK looks for a height that it is about to commit.
// It is an answer: the Service led to a node that serves.
const isRace = (message: string) => message.includes("context did not contain latest block height");

/** Does something while JSON-RPC is asked again and again, and until two blocks more; what was seen of the chain. */
export async function observe({ nodes }: Live, act: () => Promise<unknown>): Promise<Observed> {
  const from = await nodes.top();
  const failures: string[] = [];
  let requests = 0;
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      requests++;
      await nodes.call("eth_blockNumber").catch(({ message }: Error) => isRace(message) || failures.push(message));
      await sleep(50);
    }
  })();
  try {
    await act();
    await nodes.isWhole(120);
    await nodes.grows(2, 60);
  } finally {
    isOver = true;
    await asking;
  }
  const times = seconds(await nodes.blocks("mezo-node-0", from, await nodes.height("mezo-node-0")));
  return {
    longestGap: Math.max(...times),
    medianGap: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0,
    requests,
    failures,
  };
}

const seconds = (blocks: Block[]) => gaps(blocks).map((gap) => gap / 1000);

/** As a line of the results. */
export const told = ({ longestGap, medianGap, requests, failures }: Observed) =>
  `longest gap between blocks ${longestGap.toFixed(1)} s, median ${medianGap.toFixed(1)} s; ${failures.length} of ${requests} requests failed`;
