import { allKeys, fileNames, laterKeys } from "../../mezod/files.ts";
import { leaves } from "../../mezod/leaves.ts";
import { isAtOrBelow, notYet, nulls } from "../../mezod/settings.ts";
import type { Problem } from "../problem.ts";
import { releasesOf } from "../release.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";
import { declaredSettings } from "./declared-settings.ts";

/** `settings.extra` is for keys that no table has: whatever a table has is checked, and belongs to it. */
function* extraSettings(network: Network): Iterable<Problem> {
  for (const { settings, above, validator } of declaredSettings(network)) {
    const [release = "", next] = releasesOf(network, validator);
    for (const name of fileNames) {
      const later = laterKeys(name, release);
      for (const [path, value] of leaves(settings.extra[name])) {
        const at = { path: [...above, "extra", name, ...path], value };
        for (const problem of nulls(value, at.path)) yield problem;
        const known = allKeys(name).find((key) => isAtOrBelow(key, path.join(".")) || isAtOrBelow(path.join("."), key));
        if (known === undefined) continue;
        const since = later.get(known);
        const message = since ? notYet(since, { release, next }) : `is known: set ${known} in settings.${name}`;
        yield { ...at, message };
      }
    }
  }
}

export const extraSettingChecks: Check[] = [extraSettings];
