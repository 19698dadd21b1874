import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const path = "statesync.enable";

export default {
  id: "no-undeclared-state-sync",
  why: "Every validator reads config.toml, and those that take their state from peers trust them with it.",
  fix: "Restore statesync in generators/mezod/config-toml.ts; a network names validators and RPC nodes in `stateSync`, with a trusted height and hash.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { configMap, field, value } of settingsAt(manifests, "config.toml", path)) {
      if (value !== false) yield finding(configMap, field, `must be false, is ${value}`);
    }
  },
} satisfies Rule;
