import type { Network } from "../schema.ts";

/** Settings, and the path of the field that declares them. */
export interface DeclaredSettings {
  settings: Network["settings"];
  above: readonly PropertyKey[];
}

/** The settings of all validators, and those of single ones, which lie over them. */
export const declaredSettings = ({ settings, perValidator }: Network): [DeclaredSettings, ...DeclaredSettings[]] => [
  { settings, above: ["settings"] },
  ...perValidator.map((own, position) => ({
    settings: own.settings,
    above: ["perValidator", position, "settings"],
  })),
];
