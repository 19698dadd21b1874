import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.js";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const type: Pick<PersistentVolumeClaim, "apiVersion" | "kind"> = { apiVersion: "v1", kind: "PersistentVolumeClaim" };

export default {
  id: "require-typed-claim-templates",
  why: "The API server fills apiVersion and kind in, and Argo CD then shows the StatefulSet as drifted for ever.",
  fix: "Write both into the claim template.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      for (const [i, template] of (validator.spec.volumeClaimTemplates ?? []).entries()) {
        for (const [key, wanted] of Object.entries(type)) {
          const is = template[key as keyof typeof type];
          if (is === wanted) continue;
          yield finding(validator, `spec.volumeClaimTemplates[${i}].${key}`, `must be ${wanted}, is ${is}`);
        }
      }
    }
  },
} satisfies Rule;
