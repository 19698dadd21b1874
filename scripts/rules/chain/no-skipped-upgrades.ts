import { networkFile } from "generators/network/paths.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-skipped-upgrades",
  why: "A node that skips a plan which the others carry out leaves the chain: all validators, those of others too, must skip the same heights.",
  fix: "Take the height out of the network's `emergency.skipUpgrades` once the chain has passed it and every node is past it, too.",
  brokenBy: "network",
  *check(_manifests, network) {
    for (const [i, height] of (network?.emergency?.skipUpgrades ?? []).entries()) {
      const message = `every node skips the plan that is due at height ${height}`;
      const object = networkFile(network?.name ?? "");
      yield { severity: "warning", object, field: `emergency.skipUpgrades[${i}]`, message };
    }
  },
} satisfies Rule;
