import { type Problem, valueAt } from "../network/problem.ts";
import { seconds } from "./duration.ts";
import type { TomlTable } from "./toml.ts";

type FileName = "app" | "client" | "config";

/** Keys of one file whose values must go together. */
interface Pair {
  file: FileName;
  /** The first one is where a problem is reported. */
  keys: readonly [string, ...string[]];
  holds: (...values: unknown[]) => boolean;
  /** What the first one must be. */
  must: string;
}

const pairs: readonly Pair[] = [
  {
    file: "app",
    keys: ["pruning", "state-sync.snapshot-interval"],
    holds: (pruning, interval) => pruning !== "everything" || interval === 0,
    must: 'must not be "everything" while state-sync.snapshot-interval is above 0: the node does not start',
  },
  {
    file: "app",
    keys: ["pruning", "pruning-keep-recent", "pruning-interval"],
    holds: (pruning, recent, interval) => pruning !== "custom" || (Number(recent) >= 2 && Number(interval) >= 10),
    must: 'needs pruning-keep-recent of "2" or more and pruning-interval of "10" or more with "custom": the node does not start otherwise',
  },
  {
    file: "app",
    keys: ["oracle.interval", "oracle.price_ttl"],
    holds: (interval, ttl) => interval === undefined || seconds(String(interval)) < seconds(String(ttl)),
    must: "must be less than oracle.price_ttl: the node does not start otherwise",
  },
  {
    file: "config",
    keys: ["rpc.experimental_websocket_write_buffer_size", "rpc.experimental_subscription_buffer_size"],
    holds: (write, subscription) => Number(write) >= Number(subscription),
    must: "must be rpc.experimental_subscription_buffer_size or more: CometBFT calls anything else wrong",
  },
  {
    file: "config",
    keys: ["mempool.max_txs_bytes", "mempool.max_tx_bytes"],
    holds: (all, one) => Number(all) >= Number(one),
    must: "must be mempool.max_tx_bytes or more: no transaction of that size would get in",
  },
];

/** The values of one of the files that do not go together. */
export function* pairProblems(file: FileName, table: TomlTable): Iterable<Problem & { keys: readonly string[] }> {
  for (const { file: of, keys, holds, must } of pairs) {
    if (of !== file) continue;
    const [value, ...others] = keys.map((key) => valueAt(table, key.split(".")));
    if (!holds(value, ...others)) yield { path: keys[0].split("."), value, message: must, keys };
  }
}
