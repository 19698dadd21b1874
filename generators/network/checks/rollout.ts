import type { Problem } from "../problem.ts";
import { batchSize, tolerated } from "../rollout.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

/** "all-at-once" halts the chain too, but says so. */
function* quorum(network: Network): Iterable<Problem> {
  const { rollout, validators } = network;
  if (typeof rollout === "string") return;
  const most = Math.max(1, tolerated(validators.length));
  if (batchSize(network) <= most) return;
  const message = `must be at most ${most}: more than two thirds of ${validators.length} validators must stay up`;
  yield { path: ["rollout", "batch"], value: rollout.batch, message };
}

export const rolloutChecks: Check[] = [quorum];
