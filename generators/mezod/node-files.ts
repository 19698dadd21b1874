import { isDeepStrictEqual } from "node:util";
import { type KeylessKind, keylessSets } from "../network/keyless.ts";
import { ownOf } from "../network/per-validator.ts";
import { releaseOf } from "../network/release.ts";
import type { Network } from "../network/schema.ts";
import { type FileName, fileNames, fileOf } from "./files.ts";
import { roleSettings } from "./roles.ts";
import { settled, withExtra, withSettings } from "./settings.ts";
import { type TomlTable, toToml } from "./toml.ts";

/** The values of one of the files that validators share, as a release reads it. */
const valuesFor = (network: Network, name: FileName, release: string): TomlTable =>
  withExtra(settled(fileOf(name, release), network, network.settings[name]), network.settings.extra[name]);

/** The values of one of the files that validators share, by the name of its part of the settings: app is app.toml. */
export const sharedValues = (network: Network, name: FileName): TomlTable =>
  valuesFor(network, name, releaseOf(network));

/** The values of one of a validator's files: those that validators share, with its own settings over them. */
export function valuesOf(network: Network, index: number, name: FileName): TomlTable {
  const values = valuesFor(network, name, releaseOf(network, index));
  const own = ownOf(network, index)?.settings;
  return own ? withExtra(withSettings(values, own[name]), own.extra[name]) : values;
}

/** The configuration files that validators share, by name. */
export const sharedFiles = (network: Network): Record<string, string> => tomlOf((name) => sharedValues(network, name));

/** Whether a validator's configuration files are others than those that validators share. */
export const hasOwnFiles = (network: Network, index: number): boolean =>
  (ownOf(network, index) !== undefined || releaseOf(network, index) !== releaseOf(network)) &&
  fileNames.some((name) => !isDeepStrictEqual(valuesOf(network, index, name), sharedValues(network, name)));

/** The configuration files of a validator, by name; undefined where they are those that validators share. */
export const ownFiles = (network: Network, index: number): Record<string, string> | undefined =>
  hasOwnFiles(network, index) ? tomlOf((name) => valuesOf(network, index, name)) : undefined;

/** The values of a file of nodes without keys: those of validators, what makes such a node, and its own settings over them. */
export function keylessValues(network: Network, kind: KeylessKind, name: FileName): TomlTable {
  const own = keylessSets(network).find((each) => each.kind === kind)?.settings;
  const values = withSettings(sharedValues(network, name), roleSettings(network, kind, name));
  return own ? withExtra(withSettings(values, own[name]), own.extra[name]) : values;
}

/** The configuration files of the nodes of a kind, by name. */
export const keylessFiles = (network: Network, kind: KeylessKind): Record<string, string> =>
  tomlOf((name) => keylessValues(network, kind, name));

const tomlOf = (values: (name: FileName) => TomlTable) =>
  Object.fromEntries(fileNames.map((name) => [`${name}.toml`, toToml(values(name))]));
