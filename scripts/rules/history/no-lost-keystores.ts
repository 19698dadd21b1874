import { errorAt } from "../../lib/finding.ts";
import { expectedSecrets } from "../../seal/expected.ts";
import { secretFile } from "../../seal/keystores-folder.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-lost-keystores",
  why: "A validator whose Secret is not sealed any more does not start in another cluster, and can't be rebuilt in this one.",
  fix: "Restore overlays/<network>/keystores from git; `pnpm seal` alone changes what is there.",
  brokenBy: "network",
  *check(_manifests, network, before = [], keystores = new Map()) {
    if (!network) return;
    const reported = new Set<string>();
    for (const { commit, keystores: earlier } of before) {
      for (const { name } of expectedSecrets(network)) {
        const file = secretFile(network.name, name);
        if (!earlier.has(file) || keystores.has(file) || reported.has(file)) continue;
        reported.add(file);
        yield errorAt(file, "", `is gone, but was there at commit ${commit}`);
      }
    }
  },
} satisfies Rule;
