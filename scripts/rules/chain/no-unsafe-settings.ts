import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

/** Settings of config.toml that only one value keeps safe. */
const settings: { path: string; value: unknown; because: string }[] = [
  {
    path: "consensus.double_sign_check_height",
    value: 0,
    because: "more makes a quick restart panic, 1 checks nothing",
  },
  { path: "rpc.unsafe", value: false, because: "unsafe RPC dials peers and flushes the mempool for anyone" },
  { path: "rpc.pprof_laddr", value: "", because: "profiles show memory, keys included" },
];

export default {
  id: "no-unsafe-settings",
  why: "These settings have halted chains or lost keys.",
  fix: "Take the setting out of the network's `settings.config`.",
  *check(manifests) {
    for (const { path, value, because } of settings) {
      for (const { configMap, field, value: present } of settingsAt(manifests, "config.toml", path)) {
        if (present === value) continue;
        const [must, is] = [JSON.stringify(value), JSON.stringify(present)];
        yield finding(configMap, field, `must be ${must}, is ${is}: ${because}`);
      }
    }
  },
} satisfies Rule;
