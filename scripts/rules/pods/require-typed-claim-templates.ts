import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.js";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const type: Pick<PersistentVolumeClaim, "apiVersion" | "kind"> = { apiVersion: "v1", kind: "PersistentVolumeClaim" };

export default {
  id: "require-typed-claim-templates",
  why: "The API server fills in apiVersion and kind, and Argo CD then shows the StatefulSet as out of sync for ever.",
  fix: "Restore apiVersion and kind of the volume claim template in generators/components/validator/volumes.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      for (const [i, template] of (validator.spec.volumeClaimTemplates ?? []).entries()) {
        for (const [key, wanted] of Object.entries(type)) {
          const present = template[key as keyof typeof type];
          if (present === wanted) continue;
          yield finding(validator, `spec.volumeClaimTemplates[${i}].${key}`, `must be ${wanted}, is ${present}`);
        }
      }
    }
  },
} satisfies Rule;
