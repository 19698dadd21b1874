import { placement } from "generators/components/placement.ts";
import { errorAt } from "../../lib/finding.ts";
import { hasRun } from "../../objects/placements.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-repository-change",
  why: "A fork that an Argo CD follows beside the first repository runs every key a second time.",
  fix: "Put the URL back. A fork takes keys over as docs/runbooks/move-a-key.md says; a repository that only got a new URL says so in an exception, in this one commit.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    if (!network) return;
    const now = placement(network);
    for (const { commit, placement: earlier } of before) {
      if (!earlier || !hasRun(earlier) || !earlier.repository || earlier.repository === now.repository) continue;
      const runs = Object.keys(now.keys).some((key) => earlier.keys[key]?.paused === false);
      if (!runs) continue;
      const message = `${now.repository ?? "nothing"} replaces ${earlier.repository} of commit ${commit}, where the keys were not paused`;
      yield errorAt(`Application/${now.app}-${now.network}`, "spec.source.repoURL", message);
      return;
    }
  },
} satisfies Rule;
