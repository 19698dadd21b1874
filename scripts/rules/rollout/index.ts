import type { Topic } from "../rule.ts";
import noFatalMachines from "./no-fatal-machines.ts";
import noPausedValidators from "./no-paused-validators.ts";
import noUnfinishedUpgrades from "./no-unfinished-upgrades.ts";
import noValidatorsInMaintenance from "./no-validators-in-maintenance.ts";
import requirePinnedImage from "./require-pinned-image.ts";
import requireSidecarRelease from "./require-sidecar-release.ts";
import requireSpareRpcNodes from "./require-spare-rpc-nodes.ts";
import validDisruptionBudget from "./valid-disruption-budget.ts";
import validGates from "./valid-gates.ts";

export default {
  title: "The rollout: which validators restart when, and with which program",
  rules: [
    validGates,
    validDisruptionBudget,
    noFatalMachines,
    noPausedValidators,
    noValidatorsInMaintenance,
    noUnfinishedUpgrades,
    requirePinnedImage,
    requireSidecarRelease,
    requireSpareRpcNodes,
  ],
} satisfies Topic;
