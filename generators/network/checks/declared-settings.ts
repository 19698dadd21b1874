import type { Network } from "../schema.ts";

/** Settings, and the path of the field that declares them. */
export interface DeclaredSettings {
  settings: Network["settings"];
  above: readonly PropertyKey[];
  /** Whose they are; undefined for those of all validators. */
  validator?: number;
}

/** The settings of all validators, and those of single ones, which lie over them. */
export const declaredSettings = ({ settings, perValidator }: Network): [DeclaredSettings, ...DeclaredSettings[]] => [
  { settings, above: ["settings"] },
  ...perValidator.map(({ settings, validator }, position) => ({
    settings,
    above: ["perValidator", position, "settings"],
    validator,
  })),
];
