import { nodeName } from "generators/network/names.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-validators-in-maintenance",
  why: "The chain goes on with fewer validators than it was made for, and spares fewer of the others.",
  fix: "Take the validator out of the network's `maintenance` once the work is done.",
  brokenBy: "network",
  *check(_manifests, network) {
    for (const [i, { validator, reason }] of (network?.maintenance ?? []).entries()) {
      const message = `${network && nodeName(network, validator)} has a pod in which no node runs: ${reason}`;
      yield { severity: "warning", object: networkFile(network?.name ?? ""), field: `maintenance[${i}]`, message };
    }
  },
} satisfies Rule;
