import { placement } from "generators/components/placement.ts";
import { networkFile, validatorsFile } from "generators/network/paths.ts";
import { errorAt } from "../../lib/finding.ts";
import { hasRun } from "../../objects/placements.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-reused-indexes",
  why: "An index is a volume and a signing state: another key under it starts from what is not its own.",
  fix: "Keep every index in `retired` for ever, and give a new key the next index that was never used.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    if (!network) return;
    const keys = new Map(Object.entries(placement(network).keys).map(([key, { index }]) => [index, key]));
    for (const { commit, placement: earlier } of before) {
      if (!earlier || !hasRun(earlier)) continue;
      for (const index of earlier.retired.filter((each) => !network.retired.includes(each))) {
        yield errorAt(networkFile(network.name), "retired", `lacks ${index}, which it has at commit ${commit}`);
      }
      for (const [key, { index }] of Object.entries(earlier.keys)) {
        const other = keys.get(index);
        if (other === undefined || other === key) continue;
        const message = `index ${index} has the key ${other}, but at commit ${commit} it had ${key}`;
        yield errorAt(validatorsFile(network.name), `consensusPubKey of ${index}`, message);
      }
    }
  },
} satisfies Rule;
