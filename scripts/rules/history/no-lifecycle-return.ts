import { networkFile } from "generators/network/paths.ts";
import { errorAt } from "../../lib/finding.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-lifecycle-return",
  why: "On a new network a validator may start with an empty volume; on one that runs it would sign old heights again.",
  fix: "Put the lifecycle back; `bootstrap` lets one validator start with an empty volume, and another chain has another id.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    if (network?.lifecycle !== "new") return;
    for (const { commit, placement } of before) {
      const was = placement?.lifecycle;
      if (was === undefined || was === "new" || placement?.chainId !== network.chain.id) continue;
      yield errorAt(networkFile(network.name), "lifecycle", `is "new", but was "${was}" at commit ${commit}`);
      return;
    }
  },
} satisfies Rule;
