import { setTimeout as sleep } from "node:timers/promises";
import { type Block, gaps } from "./chain.ts";
import type { RunningNetwork } from "./running-network.ts";

/** The effects of a change, as seen from outside while it went on. */
export interface Observation {
  /** The longest and the median time between two blocks, in seconds. */
  longestGap: number;
  medianGap: number;
  /** The number of JSON-RPC requests through the Service, and the messages of those that failed. */
  requests: number;
  failures: string[];
}

// The stand-in for mezod gives this answer to one request in thousands, when the Cosmos SDK looks for a height that it is
// just committing. It counts as an answer: the Service led to a node that serves.
const isRace = (message: string) => message.includes("context did not contain latest block height");

/** Does something, and observes the chain and its JSON-RPC meanwhile and for two more blocks. */
export async function observe({ chain }: RunningNetwork, act: () => Promise<unknown>): Promise<Observation> {
  const from = await chain.top();
  const failures: string[] = [];
  let requests = 0;
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      requests++;
      await chain.call("eth_blockNumber").catch(({ message }: Error) => isRace(message) || failures.push(message));
      await sleep(50);
    }
  })();
  try {
    await act();
    await chain.inStep(120);
    await chain.grows(2, 60);
  } finally {
    isOver = true;
    await asking;
  }
  const times = seconds(await chain.blocks("mezo-node-0", from, await chain.height("mezo-node-0")));
  return {
    longestGap: Math.max(...times),
    medianGap: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0,
    requests,
    failures,
  };
}

const seconds = (blocks: Block[]) => gaps(blocks).map((gap) => gap / 1000);

/** An observation as a line of the results. */
export const formatObservation = ({ longestGap, medianGap, requests, failures }: Observation) =>
  `longest gap between blocks ${longestGap.toFixed(1)} s, median ${medianGap.toFixed(1)} s; ${failures.length} of ${requests} requests failed`;
