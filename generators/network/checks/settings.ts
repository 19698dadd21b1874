import { configurationFiles } from "../../mezod/files.ts";
import { settingProblems } from "../../mezod/settings.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";
import { type DeclaredSettings, declaredSettings } from "./declared-settings.ts";

function* settings(network: Network): Iterable<Problem> {
  for (const declared of declaredSettings(network)) yield* problemsOf(declared);
}

function* problemsOf({ settings, above }: DeclaredSettings): Iterable<Problem> {
  for (const [name, file] of Object.entries(configurationFiles)) {
    for (const { path, ...problem } of settingProblems(file, settings[name as keyof Network["settings"]])) {
      yield { path: [...above, name, ...path], ...problem };
    }
  }
}

/** Gates and probes know one pace of the chain, and so do validators: with another one they would vote too late. */
function* sharedPace({ perValidator }: Network): Iterable<Problem> {
  for (const [position, { settings }] of perValidator.entries()) {
    const { consensus } = settings.config;
    if (consensus === undefined) continue;
    const path = ["perValidator", position, "settings", "config", "consensus"];
    yield { path, value: consensus, message: "must be the same on every validator: set it in settings.config" };
  }
}

export const settingChecks: Check[] = [settings, sharedPace];
