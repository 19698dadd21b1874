import { configurationFiles } from "../../mezod/files.ts";
import { settingProblems } from "../../mezod/settings.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

function* settings(network: Network): Iterable<Problem> {
  for (const [name, file] of Object.entries(configurationFiles)) {
    for (const { path, ...problem } of settingProblems(file, network.settings[name as keyof Network["settings"]])) {
      yield { path: ["settings", name, ...path], ...problem };
    }
  }
}

export const settingChecks: Check[] = [settings];
