import { fileNames } from "generators/mezod/files.ts";
import { leaves } from "generators/mezod/leaves.ts";
import { declaredSettings } from "generators/network/checks/declared-settings.ts";
import { networkFile } from "generators/network/paths.ts";
import { formatPath } from "generators/network/problem.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-unchecked-settings",
  why: "The keys in `settings.extra` are in no table here: a node that does not know one ignores it, and one that does may stop.",
  fix: "Add the release's keys to generators/mezod/releases.ts, and move the settings to `settings.app` or `settings.config`.",
  brokenBy: "network",
  *check(_manifests, network) {
    if (!network) return;
    for (const { settings, above } of declaredSettings(network)) {
      for (const name of fileNames) {
        for (const [path, value] of leaves(settings.extra[name])) {
          const field = formatPath([...above, "extra", name, ...path]);
          const message = `${JSON.stringify(value)} goes to ${name}.toml unchecked`;
          yield { severity: "warning", object: networkFile(network.name), field, message };
        }
      }
    }
  },
} satisfies Rule;
