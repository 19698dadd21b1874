import type { Topic } from "../rule.ts";
import noMissingBudgetPods from "./no-missing-budget-pods.ts";
import requireCaughtUpReadiness from "./require-caught-up-readiness.ts";
import requirePinnedImage from "./require-pinned-image.ts";
import requireRollingUpdates from "./require-rolling-updates.ts";
import requireServicesFirst from "./require-services-first.ts";
import requireSidecarAndIngressesLast from "./require-sidecar-and-ingresses-last.ts";
import validDisruptionBudget from "./valid-disruption-budget.ts";
import validValidatorWaves from "./valid-validator-waves.ts";

export default {
  title: "The rollout: which validators restart when, and with which program",
  rules: [
    validValidatorWaves,
    requireRollingUpdates,
    requireCaughtUpReadiness,
    requireServicesFirst,
    requireSidecarAndIngressesLast,
    validDisruptionBudget,
    noMissingBudgetPods,
    requirePinnedImage,
  ],
} satisfies Topic;
