import type { Deployment } from "kubernetes-types/apps/v1.js";
import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-rolling-updates",
  why: "A validator that keeps its old pod counts as updated, and the rollout goes on without it.",
  fix: "Remove updateStrategy in generators/components/validator/base.ts, or paused in generators/components/ethereum-sidecar.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { type = "RollingUpdate", rollingUpdate } = validator.spec.updateStrategy ?? {};
      const partition = rollingUpdate?.partition ?? 0;
      const field = "spec.updateStrategy";
      if (type !== "RollingUpdate") yield finding(validator, `${field}.type`, `must be RollingUpdate, is ${type}`);
      if (partition > 0) yield finding(validator, `${field}.rollingUpdate.partition`, `must be 0, is ${partition}`);
    }
    for (const deployment of ofKind<Deployment>(manifests, "Deployment")) {
      if (deployment.spec?.paused) yield finding(deployment, "spec.paused", "must not be set");
    }
  },
} satisfies Rule;
