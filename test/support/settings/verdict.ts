import type { FileName } from "generators/mezod/files.ts";
import { sharedFiles } from "generators/mezod/node-files.ts";
import { setAt } from "generators/mezod/settings.ts";
import type { TomlTable, TomlValue } from "generators/mezod/toml.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { rules } from "scripts/rules/index.ts";
import { excused } from "scripts/validate/exceptions.ts";
import { isError, reported } from "scripts/validate/reported-finding.ts";
import { staging } from "../networks.ts";
import { readyForLater } from "../releases.ts";
import { staging as overlay } from "../rules/overlay.ts";

/** What becomes of staging with a setting: who refuses it, and in which words. */
export interface Verdict {
  by: "gen" | "validate" | "nobody";
  says: string[];
}

/** Settings with one of them. */
export function settingsWith(file: FileName, path: string, value: unknown): NonNullable<NetworkInput["settings"]> {
  const table: TomlTable = {};
  setAt(table, path.split("."), value as TomlValue);
  return { [file]: table };
}

/** What `pnpm gen`, and then the rules of `pnpm validate`, say to staging with a change. */
export function verdictOf(change: Partial<NetworkInput>): Verdict {
  let network: Network;
  try {
    network = defineNetwork({ ...staging, ...readyForLater, ...change } as NetworkInput);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { by: "gen", says: error.message.split("\n").slice(1) };
  }
  const errors = errorsOf(network);
  return { by: errors.length > 0 ? "validate" : "nobody", says: errors.map(({ id, message }) => `${id}: ${message}`) };
}

const settingsName = "mezo-node-config-";

/** The errors of all rules about the files that a network gives its validators, exceptions considered. */
export function errorsOf(network: Network) {
  const { manifests } = overlay();
  for (const { kind, metadata, data } of manifests as { kind: string; metadata: { name: string }; data?: object }[]) {
    if (kind === "ConfigMap" && metadata.name.startsWith(settingsName)) Object.assign(data ?? {}, sharedFiles(network));
  }
  const findings = rules.flatMap((rule) => reported(rule, "staging", rule.check(manifests, network)));
  // The other objects are those of staging as it is.
  return excused(findings, network).filter(
    (each) => isError(each) && each.object.startsWith(`ConfigMap/${settingsName}`),
  );
}
