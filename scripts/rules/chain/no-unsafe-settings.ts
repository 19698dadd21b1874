import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

/** Settings of config.toml that only one value keeps safe. */
const settings: { path: string; value: unknown; because: string }[] = [
  {
    path: "consensus.double_sign_check_height",
    value: 0,
    because: "1 checks nothing, and more makes a quick restart panic",
  },
  { path: "rpc.unsafe", value: false, because: "unsafe RPC lets anyone dial peers and flush the mempool" },
  { path: "rpc.pprof_laddr", value: "", because: "profiles show memory, keys included" },
];

export default {
  id: "no-unsafe-settings",
  why: "These settings have halted chains or exposed keys.",
  fix: "Remove the setting from the network's `settings.config`.",
  brokenBy: "network",
  *check(manifests) {
    for (const { path, value: wanted, because } of settings) {
      for (const { configMap, field, value } of settingsAt(manifests, "config.toml", path)) {
        if (value === wanted) continue;
        const message = `must be ${JSON.stringify(wanted)}, is ${JSON.stringify(value)}: ${because}`;
        yield finding(configMap, field, message);
      }
    }
  },
} satisfies Rule;
