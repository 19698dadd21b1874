import { heightOfStop } from "generators/mezod/upgrade-path.ts";
import { compareVersions, isVersion } from "generators/mezod/version.ts";
import { networkFile } from "generators/network/paths.ts";
import { imageOf, planOf, releaseIn } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import { type Planned, plannedIn } from "../../objects/upgrades.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-dropped-upgrades",
  why: "A validator that has passed an upgrade does not start with the release before it.",
  fix: "Where the chain has passed the upgrade, put it back and run `pnpm finish-upgrade <network>`; where the chain has cancelled the plan or moved it, this is right.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    for (const { commit, manifests = [] } of before) {
      const was = network && plannedIn(manifests);
      if (!was || isKept(network, was) || isFinished(network, was)) continue;
      const message = `the upgrade ${was.name} of commit ${commit} is gone, and the image is still ${releaseIn(imageOf(network))}`;
      yield { severity: "warning", object: networkFile(network.name), field: "upgrade", message };
      return;
    }
  },
} satisfies Rule;

function isKept(network: Network, { name, height }: Planned): boolean {
  const plan = planOf(network);
  return plan?.name === name && heightOfStop(plan, releaseIn(plan)) === height;
}

/** Whether the release that the plan brought, or a later one, is the network's by now. */
function isFinished(network: Network, { tag }: Planned): boolean {
  const now = releaseIn(imageOf(network));
  // A digest does not say which release it was.
  return tag === undefined || ([now, tag].every(isVersion) && compareVersions(now, tag) >= 0);
}
