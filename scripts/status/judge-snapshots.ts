import type { Network } from "generators/network/schema.ts";
import { tooOld } from "generators/network/snapshots.ts";
import { ok, type Verdict, warning } from "../lib/verdict.ts";
import type { StatusFacts } from "./facts.ts";
import { span } from "./words.ts";

const about = "snapshots";

/** How old the newest snapshot of each volume is that can be used. */
export function judgeSnapshots({ snapshots }: Network, { snapshots: fact, now }: StatusFacts): Verdict[] {
  if (!snapshots || !fact) return [];
  if ("unknown" in fact) {
    return [warning(about, `are not shown (${fact.unknown})`, "See docs/operating.md, Who may look.")];
  }
  const age = (newest: number | undefined) => (newest === undefined ? Number.POSITIVE_INFINITY : now - newest);
  const most = 1000 * (tooOld(snapshots.schedule) ?? 0);
  const words = fact.value.map(
    ({ pod, newest }) => `${pod} ${newest === undefined ? "none" : `${span(age(newest))} old`}`,
  );
  const says = `that can be used: ${words.join(", ")}`;
  if (fact.value.every(({ newest }) => age(newest) <= most)) return [ok(about, says)];
  return [warning(about, says, "See docs/runbooks/snapshots-too-old.md, unless the first run is still to come.")];
}
