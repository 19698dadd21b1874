import { type FileName, fileNames, fileOf, laterKeys } from "../../mezod/files.ts";
import { keylessValues, sharedValues, valuesOf } from "../../mezod/node-files.ts";
import { pairProblems } from "../../mezod/pairs.ts";
import { type Reader, settingProblems } from "../../mezod/settings.ts";
import { type Problem, valueAt } from "../problem.ts";
import { releaseIn, releasesOf } from "../release.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";
import { type DeclaredSettings, declaredSettings } from "./declared-settings.ts";

/** The settings of all validators, for each release that reads them, and those of single ones. */
function* settings(network: Network): Iterable<Problem> {
  const seen = new Set<string>();
  for (const declared of declaredSettings(network)) {
    for (const reader of readers(network, declared)) {
      for (const problem of problemsOf(declared, reader)) {
        const id = JSON.stringify(problem.path);
        if (!seen.has(id)) yield problem;
        seen.add(id);
      }
    }
  }
}

type Of = Pick<Reader, "release" | "next">;

/**
 * The releases that read settings: that of their validator, or all that validators run; and that of a planned upgrade, which
 * reads the same files from its height on, until the upgrade is finished.
 */
function readers(network: Network, { keyless, validator }: DeclaredSettings): Of[] {
  const [release = "", next] = releasesOf(network, validator);
  const { stagedUpgrade } = network;
  return [
    { release, next },
    ...(stagedUpgrade && validator === undefined && keyless === undefined
      ? [{ release: releaseIn(stagedUpgrade) }]
      : []),
    ...(next === undefined ? [] : [{ release: next }]),
  ];
}

function* problemsOf({ settings, above }: DeclaredSettings, of: Of): Iterable<Problem> {
  for (const name of fileNames) {
    const reader = { ...of, later: laterKeys(name, of.release) };
    for (const { path, ...problem } of settingProblems(fileOf(name, of.release), settings[name], reader)) {
      yield { path: [...above, name, ...path], ...problem };
    }
  }
}

/** Settings that do not go together, each where it is declared. By themselves they must be right. */
function* pairs(network: Network): Iterable<Problem> {
  if ([...settings(network)].length > 0) return;
  for (const { settings, above, validator, keyless } of declaredSettings(network)) {
    for (const name of fileNames) {
      const ofValidator = validator === undefined ? sharedValues(network, name) : valuesOf(network, validator, name);
      const values = keyless ? keylessValues(network, keyless, name) : ofValidator;
      for (const { keys, message } of pairProblems(name, values)) {
        const declared = keys.map((key) => key.split(".")).filter((path) => isDeclared(settings, name, path));
        const [path] = declared;
        if (!path) continue;
        const about = path.join(".") === keys[0] ? "" : `does not fit: ${keys[0]} `;
        yield { path: [...above, name, ...path], value: valueAt(settings[name], path), message: `${about}${message}` };
      }
    }
  }
}

const isDeclared = (settings: Network["settings"], name: FileName, path: string[]) =>
  valueAt(settings[name], path) !== undefined;

/** Gates and probes know one pace of the chain, and so do validators: with another one they would vote too late. */
function* sharedPace({ perValidator }: Network): Iterable<Problem> {
  for (const [position, { settings }] of perValidator.entries()) {
    const { consensus } = settings.config;
    if (consensus === undefined) continue;
    const path = ["perValidator", position, "settings", "config", "consensus"];
    yield { path, value: consensus, message: "must be the same on every validator: set it in settings.config" };
  }
}

export const settingChecks: Check[] = [settings, pairs, sharedPace];
