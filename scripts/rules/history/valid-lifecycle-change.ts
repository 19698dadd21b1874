import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { errorAt } from "../../lib/finding.ts";
import { hasRun } from "../../objects/placements.ts";
import type { Rule } from "../rule.ts";

type Lifecycle = Network["lifecycle"];

export default {
  id: "valid-lifecycle-change",
  why: 'With "new" a validator may start with an empty volume and sign old heights again; "adopted" decides a field of StatefulSets that never changes.',
  fix: "Put the lifecycle back; `bootstrap` lets one validator start with an empty volume, another chain has another id, and docs/runbooks/immutable-fields.md says how podManagementPolicy changes.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    if (!network) return;
    for (const { commit, placement } of before) {
      const was = placement?.lifecycle;
      if (!placement || was === undefined || placement.chainId !== network.chain.id) continue;
      if (!hasRun(placement) || isNext(was, network.lifecycle)) continue;
      const message = `is "${network.lifecycle}", but was "${was}" at commit ${commit}`;
      yield errorAt(networkFile(network.name), "lifecycle", message);
      return;
    }
  },
} satisfies Rule;

/** A network that runs keeps its lifecycle, but that its chain begins. */
const isNext = (was: Lifecycle, is: Lifecycle) => was === is || (was === "new" && is === "started");
