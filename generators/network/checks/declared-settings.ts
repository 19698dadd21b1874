import { type KeylessKind, keylessSets } from "../keyless.ts";
import type { Network } from "../schema.ts";

/** Settings, and the path of the field that declares them. */
export interface DeclaredSettings {
  settings: Network["settings"];
  above: readonly PropertyKey[];
  /** Whose they are; undefined for those of all validators. */
  validator?: number;
  /** The nodes without keys whose they are. */
  keyless?: KeylessKind;
}

/** The settings of all validators, and those of single ones and of other nodes, which lie over them. */
export const declaredSettings = ({
  settings,
  perValidator,
  ...network
}: Network): [DeclaredSettings, ...DeclaredSettings[]] => [
  { settings, above: ["settings"] },
  ...keylessSets(network).map(({ kind, settings }) => ({
    settings,
    above: [kind === "seed" ? "seedNodes" : "rpcNodes", "settings"],
    keyless: kind,
  })),
  ...perValidator.map(({ settings, validator }, position) => ({
    settings,
    above: ["perValidator", position, "settings"],
    validator,
  })),
];
