import { lockFile } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt } from "../../lib/finding.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-older-seals",
  why: "An earlier lock is still signed: with its files, somebody brings back a key or an Ethereum node that was replaced.",
  fix: "Restore overlays/<network>/keystores from the newest commit; to go back to an earlier content, run `pnpm seal` with it.",
  brokenBy: "network",
  *check(_manifests, network, before = [], keystores = new Map()) {
    if (!network) return;
    const file = lockFile(network.name);
    const now = serialOf(keystores, file);
    if (now === undefined) return;
    for (const { commit, keystores: earlier } of before) {
      const was = serialOf(earlier, file);
      if (was === undefined || was < now || (was === now && earlier.get(file) === keystores.get(file))) continue;
      const message = `is ${now}, but at commit ${commit} it was ${was}: every sealing adds 1`;
      yield errorAt(file, "serial", message);
      return;
    }
  },
} satisfies Rule;

/** How often a lock had changed; undefined where there is none, or one from before it was counted. */
function serialOf(keystores: Tree, file: string): number | undefined {
  const [, serial] = /"serial": ?(\d+)/.exec(keystores.get(file) ?? "") ?? [];
  return serial === undefined ? undefined : Number(serial);
}
