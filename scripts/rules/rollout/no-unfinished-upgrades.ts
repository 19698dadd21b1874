import { networkFile } from "generators/network/paths.ts";
import { forkOf, planOf, releaseIn } from "generators/network/release.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-unfinished-upgrades",
  why: "From the height on the chain makes blocks with the new release alone, and the files, and a sidecar that validators share, follow it only once the upgrade is finished.",
  fix: "Have it on every validator before the height; after the height, once all of them sign again, run `pnpm finish-upgrade <network>`.",
  brokenBy: "network",
  *check(_manifests, network) {
    if (!network?.upgrade) return;
    const [plan, fork, old] = [planOf(network), forkOf(network), releaseIn(network.image)];
    const release = releaseIn(network.upgrade);
    const message = plan
      ? `${old} stops at height ${plan.height} for the plan ${plan.name}, and each validator goes on by itself with ${release}; all of them must have this commit before that height`
      : `${old} fails at height ${fork?.before}; all validators must run ${release} before that height`;
    yield { severity: "warning", object: networkFile(network.name), field: "upgrade", message };
  },
} satisfies Rule;
