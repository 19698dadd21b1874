import { stringify, type TomlTable } from "smol-toml";

export type { TomlTable };

/** A TOML file: every key explicit, in the order given. */
export const toToml = (table: TomlTable) => stringify(table);

const isTable = (value: unknown): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kindOf = (value: unknown) => (Array.isArray(value) ? "list" : isTable(value) ? "table" : typeof value);

/** A setting that can't be: where, and why. */
export interface BadSetting {
  path: string[];
  message: string;
}

/** What is wrong with settings over a file's defaults: keys the file does not have, values of another type. */
export function badSettings(defaults: TomlTable, settings: Record<string, unknown>, path: string[] = []): BadSetting[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const at = [...path, key];
    const current = defaults[key];
    if (current === undefined) {
      return [{ path: at, message: `unknown setting; the keys here are ${Object.keys(defaults).join(", ")}` }];
    }
    if (kindOf(value) !== kindOf(current)) {
      return [{ path: at, message: `must be of type ${kindOf(current)}, as in ${key} = ${JSON.stringify(current)}` }];
    }
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      return [{ path: at, message: `must be a whole number, as in ${key} = ${JSON.stringify(current)}` }];
    }
    return isTable(current) ? badSettings(current, value as TomlTable, at) : [];
  });
}

/** The defaults with settings laid over them; the defaults' key order stays. */
export function withSettings(defaults: TomlTable, settings: Record<string, unknown>): TomlTable {
  const merged = Object.entries(defaults).map(([key, current]) => {
    const value = settings[key];
    if (value === undefined) return [key, current];
    return [key, isTable(current) ? withSettings(current, value as TomlTable) : value];
  });
  return Object.fromEntries(merged) as TomlTable;
}
