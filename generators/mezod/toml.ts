import { stringify, type TomlTable, type TomlValue } from "smol-toml";

export type { TomlTable, TomlValue };

/** A table as a TOML file, its keys in the order of the table. */
export const toToml = (table: TomlTable): string => stringify(table);
