import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-retained-volumes",
  why: "A volume that goes takes the chain's data and the signing state with it.",
  fix: "Keep claims in the StatefulSet's template alone, and Retain for both cases.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { whenDeleted, whenScaled } = validator.spec.persistentVolumeClaimRetentionPolicy ?? {};
      if (whenDeleted === "Retain" && whenScaled === "Retain") continue;
      yield finding(validator, "spec.persistentVolumeClaimRetentionPolicy", "must be Retain, deleted and scaled");
    }
    // What is applied by name is pruned by name: claims are the StatefulSets' own.
    for (const claim of ofKind(manifests, "PersistentVolumeClaim")) {
      yield finding(claim, "kind", "must not stand in an overlay, where a later commit would prune it");
    }
  },
} satisfies Rule;
