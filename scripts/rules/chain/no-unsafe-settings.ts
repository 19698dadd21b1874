import { type FileName, fileNames, fileOf } from "generators/mezod/files.ts";
import type { Key } from "generators/mezod/key.ts";
import { pairProblems } from "generators/mezod/pairs.ts";
import { keptKeys, roleSettings } from "generators/mezod/roles.ts";
import { settled } from "generators/mezod/settings.ts";
import type { KeylessKind } from "generators/network/keyless.ts";
import { valueAt } from "generators/network/problem.ts";
import { releaseOf } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import type { Finding } from "../../lib/finding.ts";
import { type MountedToml, tomlFiles } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-unsafe-settings",
  why: "Nodes read these settings, and such values have halted chains, lost them, or exposed keys.",
  fix: "Remove the setting from the network's `settings`, or choose a value as the message says; generators/mezod/config-keys.ts and app-keys.ts beside it have all bounds.",
  brokenBy: "network",
  *check(manifests, network) {
    if (!network) return;
    for (const name of fileNames) {
      for (const file of tomlFiles(manifests, `${name}.toml`)) yield* unsafe(network, name, file);
    }
  },
} satisfies Rule;

function* unsafe(network: Network, name: FileName, mounted: MountedToml): Iterable<Finding> {
  const { configMap, toml, validator, keyless } = mounted;
  const file = fileOf(name, releaseOf(network, validator));
  const usual = settled(file, network, keyless ? roleSettings(network, keyless, name) : {});
  if (keyless) yield* outOfRole(keyless, name, mounted);
  for (const [key, each] of Object.entries(file.keys)) {
    const path = key.split(".");
    const value = valueAt(toml, path);
    const wanted = missed(each, value, valueAt(usual, path));
    if (!wanted) continue;
    const is = value === undefined ? "missing" : JSON.stringify(value);
    const because = wanted.because === undefined ? "" : `: ${wanted.because}`;
    yield finding(configMap, `${name}.toml ${key}`, `must be ${wanted.must}, is ${is}${because}`);
  }
  for (const { keys, message } of pairProblems(name, toml))
    yield finding(configMap, `${name}.toml ${keys[0]}`, message);
}

/** What takes from nodes without keys what they are there for. The paths of files have a rule of their own. */
function* outOfRole(kind: KeylessKind, name: FileName, { configMap, toml }: MountedToml): Iterable<Finding> {
  for (const { file, path, value: only, because } of keptKeys(kind)) {
    const value = valueAt(toml, path.split("."));
    if (file !== name || path.endsWith("_file") || value === only) continue;
    const is = value === undefined ? "missing" : JSON.stringify(value);
    yield finding(configMap, `${name}.toml ${path}`, `must be ${JSON.stringify(only)}, is ${is}: ${because}`);
  }
}

/** What a value must be where it is something else, and what goes wrong with it. */
function missed(key: Key, value: unknown, usual: unknown): { must: string; because?: string } | undefined {
  const isKept = key.change === "reasoned" || key.change === "fixed";
  if (isKept && JSON.stringify(value) !== JSON.stringify(usual)) {
    return { must: JSON.stringify(usual), because: key.because };
  }
  if (key.change === "bounded" && !key.within.holds(value)) return { must: key.within.expected, because: key.because };
  return key.kind.holds(value) ? undefined : { must: key.kind.expected };
}
