import { ownOf } from "../network/per-validator.ts";
import type { Network } from "../network/schema.ts";
import { configurationFiles } from "./files.ts";
import { settled, withSettings } from "./settings.ts";
import { type TomlTable, toToml } from "./toml.ts";

type FileName = keyof Network["settings"];

const names = Object.keys(configurationFiles) as FileName[];

/** The values of one of the files that validators share, by the name of its part of the settings: app is app.toml. */
export const sharedValues = (network: Network, name: FileName): TomlTable =>
  settled(configurationFiles[name], network, network.settings[name]);

/** The values of one of a validator's files: those that validators share, with its own settings over them. */
export const valuesOf = (network: Network, index: number, name: FileName): TomlTable =>
  withSettings(sharedValues(network, name), ownOf(network, index)?.settings[name] ?? {});

/** The configuration files that validators share, by name. */
export const sharedFiles = (network: Network): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.toml`, toToml(sharedValues(network, name))]));

/** The configuration files of a validator, by name; undefined where they are those that validators share. */
export function ownFiles(network: Network, index: number): Record<string, string> | undefined {
  if (!ownOf(network, index)) return undefined;
  const own = Object.fromEntries(names.map((name) => [`${name}.toml`, toToml(valuesOf(network, index, name))]));
  const shared = sharedFiles(network);
  return Object.entries(own).some(([file, text]) => text !== shared[file]) ? own : undefined;
}
