import type { Network } from "../network/schema.ts";
import { appToml } from "./app-toml.ts";
import { clientToml } from "./client-toml.ts";
import { configToml } from "./config-toml.ts";
import type { NewKey } from "./line.ts";
import { broughtKeys } from "./releases.ts";
import { setAt, type TomlFile } from "./settings.ts";
import { compareVersions } from "./version.ts";

/** A part of a network's settings that is one of the node's files: app is app.toml. */
export type FileName = Exclude<keyof Network["settings"], "extra">;

// As the oldest release reads them.
const oldest: Record<FileName, TomlFile> = { app: appToml, client: clientToml, config: configToml };

export const fileNames = Object.keys(oldest) as FileName[];

const known = new Map<string, TomlFile>();

/** One of the node's configuration files, as a release reads it. */
export function fileOf(name: FileName, release: string): TomlFile {
  const id = `${name} ${release}`;
  const file = known.get(id) ?? withKeys(oldest[name], keysUpTo(name, release));
  known.set(id, file);
  return file;
}

/** The keys that no release up to this one knows, each with the first that does. */
export function laterKeys(name: FileName, release: string): Map<string, string> {
  const { keys } = fileOf(name, release);
  const later = broughtKeys(name).filter(({ path }) => !Object.hasOwn(keys, path));
  return new Map(later.toReversed().map(({ path, since }) => [path, since]));
}

/** Every key that is known of some release. */
export const allKeys = (name: FileName): string[] => [
  ...new Set([...Object.keys(oldest[name].keys), ...broughtKeys(name).map(({ path }) => path)]),
];

const keysUpTo = (name: FileName, release: string) =>
  broughtKeys(name).filter(({ since }) => compareVersions(since, release) <= 0);

function withKeys(file: TomlFile, brought: readonly { path: string; key: NewKey }[]): TomlFile {
  if (brought.length === 0) return file;
  const values = structuredClone(file.values);
  for (const { path, key } of brought) setAt(values, path.split("."), key.value);
  return {
    ...file,
    values,
    derived: {
      ...file.derived,
      ...Object.fromEntries(brought.flatMap(({ path, key }) => (key.from ? [[path, key.from]] : []))),
    },
    keys: { ...file.keys, ...Object.fromEntries(brought.map(({ path, key }) => [path, key])) },
  };
}
