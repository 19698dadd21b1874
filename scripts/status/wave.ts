import { gateName, nodeName } from "generators/network/names.ts";
import { batches, lastWave, validatorWave, wavesOf } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";

/** What a sync waits for: a kind and name, what of it, and the wave that it is in. */
export interface Awaited {
  wave: number;
  kind: string;
  name: string;
  what: string;
}

/** What Argo CD's message says that a sync waits for; undefined where it says something else. */
export function awaitedIn(network: Network, message: string): Awaited | undefined {
  const found = /waiting for (.+?) of (?:hook )?(?:[\w.-]*\/)?([A-Z]\w+)\/([\w.-]+)/.exec(message);
  if (!found) return undefined;
  const [, what = "", kind = "", name = ""] = found;
  return { wave: waveOf(network, kind, name), kind, name, what };
}

function waveOf(network: Network, kind: string, name: string): number {
  const validator = network.validators.find(({ index }) => nodeName(network, index) === name);
  if (kind === "StatefulSet" && validator) return validatorWave(network, validator.index);
  const gate = batches(network).findIndex((_, position) => gateName(network, position + 1) === name);
  if (kind === "Job" && gate >= 0) return wavesOf(gate).gate;
  return ["CronJob", "Deployment", "Ingress"].includes(kind) ? lastWave(network) : 0;
}
