import { isDeepStrictEqual } from "node:util";
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
export const sharedFiles = (network: Network): Record<string, string> => tomlOf((name) => sharedValues(network, name));

/** Whether a validator's configuration files are others than those that validators share. */
export const hasOwnFiles = (network: Network, index: number): boolean =>
  ownOf(network, index) !== undefined &&
  names.some((name) => !isDeepStrictEqual(valuesOf(network, index, name), sharedValues(network, name)));

/** The configuration files of a validator, by name; undefined where they are those that validators share. */
export const ownFiles = (network: Network, index: number): Record<string, string> | undefined =>
  hasOwnFiles(network, index) ? tomlOf((name) => valuesOf(network, index, name)) : undefined;

const tomlOf = (values: (name: FileName) => TomlTable) =>
  Object.fromEntries(names.map((name) => [`${name}.toml`, toToml(values(name))]));
