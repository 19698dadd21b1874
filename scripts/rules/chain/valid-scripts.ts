import { scriptFiles } from "generators/components/scripts/files.ts";
import { scriptsName } from "generators/network/names.ts";
import { header } from "generators/render.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { errorAt } from "../../lib/finding.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-scripts",
  why: "Preflight, readiness and the gates keep a key from signing twice and the chain from halting; what pods run is what this ConfigMap holds.",
  fix: "Run `pnpm gen`; the scripts are written by generators/components/scripts/files.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const name = new RegExp(`^${scriptsName(network)}-[a-z0-9]{10}$`);
    const found = ofKind<ConfigMap>(manifests, "ConfigMap").filter(({ metadata }) => name.test(metadata.name));
    if (found.length !== 1) {
      yield errorAt(`ConfigMap/${scriptsName(network)}`, "", `there must be one; there are ${found.length}`);
    }
    const scripts = Object.entries(scriptFiles(network));
    const wanted: Record<string, string> = Object.fromEntries(
      scripts.map(([file, text]) => [file, `${header}${text}`]),
    );
    for (const configMap of found) {
      const present = configMap.data ?? {};
      for (const file of new Set([...Object.keys(wanted), ...Object.keys(present)])) {
        if (present[file] === wanted[file]) continue;
        const message =
          file in wanted ? "must be the script that the generator writes" : "is not a script of the generator";
        yield finding(configMap, `data["${file}"]`, message);
      }
    }
  },
} satisfies Rule;
