import { scriptFiles } from "generators/components/scripts/files.ts";
import { keylessScripts } from "generators/components/scripts/keyless.ts";
import { snapshots } from "generators/components/scripts/snapshots.ts";
import { snapshotsScript } from "generators/components/snapshots.ts";
import { keylessScriptsName } from "generators/network/keyless.ts";
import { scriptsName } from "generators/network/names.ts";
import { snapshotScriptsName } from "generators/network/snapshots.ts";
import { header } from "generators/render.ts";
import type { Files } from "generators/tree.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { errorAt, type Finding } from "../../lib/finding.ts";
import { type Manifest, ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-scripts",
  why: "Preflight, readiness and the gates keep a key from signing twice and the chain from halting; the job of snapshots must delete none that is wanted, and what pods run is what these ConfigMaps hold.",
  fix: "Run `pnpm gen`; the scripts are written by generators/components/scripts/files.ts, generators/components/scripts/keyless.ts and generators/components/scripts/snapshots.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    yield* wrong(manifests, scriptsName(network), scriptFiles(network));
    const keyless = keylessScripts(network);
    if (Object.keys(keyless).length > 0) yield* wrong(manifests, keylessScriptsName(network), keyless);
    if (network.snapshots) yield* wrong(manifests, snapshotScriptsName(network), { [snapshotsScript]: snapshots });
  },
} satisfies Rule;

/** What differs between a ConfigMap of scripts and those that the generator writes. */
function* wrong(manifests: readonly Manifest[], configMapName: string, scripts: Files): Iterable<Finding> {
  const name = new RegExp(`^${configMapName}-[a-z0-9]{10}$`);
  const found = ofKind<ConfigMap>(manifests, "ConfigMap").filter(({ metadata }) => name.test(metadata.name));
  if (found.length !== 1) {
    yield errorAt(`ConfigMap/${configMapName}`, "", `there must be one; there are ${found.length}`);
  }
  const wanted: Record<string, string> = Object.fromEntries(
    Object.entries(scripts).map(([file, text]) => [file, `${header}${text}`]),
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
}
