import { nodeName } from "generators/network/names.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-paused-validators",
  why: "The chain goes on with fewer validators than it was made for, and spares fewer of the others.",
  fix: "Take the validator out of the network's `paused` once the reason is gone.",
  brokenBy: "network",
  *check(_manifests, network) {
    for (const [i, { validator, reason }] of (network?.paused ?? []).entries()) {
      const message = `${network && nodeName(network, validator)} does not run: ${reason}`;
      yield { severity: "warning", object: networkFile(network?.name ?? ""), field: `paused[${i}]`, message };
    }
  },
} satisfies Rule;
