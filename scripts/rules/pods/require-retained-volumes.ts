import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-retained-volumes",
  why: "A volume that is deleted takes the chain's data and the signing state with it.",
  fix: "Restore persistentVolumeClaimRetentionPolicy in generators/components/validator/base.ts, and keep claims in volumeClaimTemplates alone.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { whenDeleted, whenScaled } = validator.spec.persistentVolumeClaimRetentionPolicy ?? {};
      if (whenDeleted === "Retain" && whenScaled === "Retain") continue;
      yield finding(
        validator,
        "spec.persistentVolumeClaimRetentionPolicy",
        "must be Retain for whenDeleted and whenScaled",
      );
    }
    // What an overlay lists is pruned once it is listed no more; a StatefulSet's own claims stay.
    for (const claim of ofKind(manifests, "PersistentVolumeClaim")) {
      yield finding(claim, "kind", "must not be in an overlay: a later commit could prune it");
    }
  },
} satisfies Rule;
