import { placement } from "generators/components/placement.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { errorAt, type Finding } from "../../lib/finding.ts";
import { type EarlierPlacement, hasRun } from "../../objects/placements.ts";
import type { Before, Rule } from "../rule.ts";

export default {
  id: "require-paused-leavers",
  why: "The chain counts on a validator until it has left the set; one too many that is gone, and blocks stop.",
  fix: "Put the validator back. Take it out of the chain's set, pause it and push; remove it in a later commit, as docs/runbooks/move-a-key.md says.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    const seen = new Set<string>();
    for (const { commit, placement: earlier } of before) {
      if (!earlier || !hasRun(earlier)) continue;
      for (const finding of leavers(network, earlier, commit)) {
        if (seen.has(finding.object)) continue;
        seen.add(finding.object);
        yield finding;
      }
    }
  },
} satisfies Rule;

function* leavers(
  network: Network | undefined,
  earlier: EarlierPlacement,
  commit: Before["commit"],
): Iterable<Finding> {
  const now = network ? placement(network).keys : {};
  const all = Object.entries(earlier.keys);
  const gone = all.filter(([key]) => !now[key]).map(([, place]) => place);
  for (const { statefulSet, paused } of gone) {
    if (!paused) yield errorAt(`StatefulSet/${statefulSet}`, "", `is gone, but was not paused at commit ${commit}`);
  }
  // Where all were paused, the chain stands still by somebody's word.
  const most = tolerated(all.length);
  if (gone.length <= most || all.every(([, { paused }]) => paused)) return;
  const names = gone.map(({ statefulSet }) => statefulSet).join(", ");
  const message = `${gone.length} of ${all.length} validators are gone since commit ${commit}: ${names}; the chain tolerates ${most}`;
  yield errorAt("validators", "", message);
}
