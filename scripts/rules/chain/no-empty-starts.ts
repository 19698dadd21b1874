import { nodeName } from "generators/network/names.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-empty-starts",
  why: "A validator that may start with an empty volume has lost what it signed, and only the chain's height keeps it from signing twice.",
  fix: "Take the validator out of the network's `bootstrap` once it signs again.",
  brokenBy: "network",
  *check(_manifests, network) {
    for (const [i, index] of (network?.bootstrap ?? []).entries()) {
      const message = `${network && nodeName(network, index)} may start with an empty volume`;
      yield { severity: "warning", object: networkFile(network?.name ?? ""), field: `bootstrap[${i}]`, message };
    }
  },
} satisfies Rule;
