import { valueAt } from "generators/network/problem.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const path = "statesync.enable";

export default {
  id: "valid-state-sync",
  why: "A node that takes its state from peers trusts them with it, and a validator that does has lost what it signed.",
  fix: "Leave `statesync` off, or turn it on in the network's `settings.config`, with a trusted height and hash.",
  *check(manifests, network) {
    const declared = valueAt(network?.settings.config, path.split(".")) ?? false;
    for (const { configMap, field, value: present } of settingsAt(manifests, "config.toml", path)) {
      if (present === declared) continue;
      yield finding(configMap, field, `must be ${declared}, as declared, is ${present}`);
    }
  },
} satisfies Rule;
