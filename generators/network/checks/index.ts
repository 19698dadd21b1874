import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { extraSettingChecks } from "./extra-settings.ts";
import { genesisChecks } from "./genesis.ts";
import { gkeChecks } from "./gke.ts";
import { imageChecks } from "./image.ts";
import { keylessChecks } from "./keyless.ts";
import { machineChecks } from "./machines.ts";
import { nameChecks } from "./name.ts";
import { peerChecks } from "./peers.ts";
import { portChecks } from "./ports.ts";
import { resourceChecks } from "./resources.ts";
import { rolloutChecks } from "./rollout.ts";
import { settingChecks } from "./settings.ts";
import { sidecarChecks } from "./sidecars.ts";
import { snapshotChecks } from "./snapshots.ts";
import { stateSyncChecks } from "./state-sync.ts";
import { switchChecks } from "./switches.ts";
import { upgradeChecks } from "./upgrade.ts";
import { validatorChecks } from "./validators.ts";

const checks = [
  ...nameChecks,
  ...validatorChecks,
  ...genesisChecks,
  ...peerChecks,
  ...portChecks,
  ...imageChecks,
  ...upgradeChecks,
  ...rolloutChecks,
  ...resourceChecks,
  ...gkeChecks,
  ...machineChecks,
  ...settingChecks,
  ...extraSettingChecks,
  ...switchChecks,
  ...stateSyncChecks,
  ...sidecarChecks,
  ...keylessChecks,
  ...snapshotChecks,
];

/** Every problem between the fields of a network, each of which is well formed by itself. */
export function* crossChecks(network: Network): Iterable<Problem> {
  for (const check of checks) yield* check(network);
}
