import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-restored-validators",
  why: "A volume that is a copy has the signing state of the moment at which it was taken: the validator signs the heights since then a second time.",
  fix: "Remove the source from dataClaim in generators/components/validator/volumes.ts; a person restores a validator's volume as docs/runbooks/restore-a-volume.md says, with its last signing state.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      for (const [i, { spec }] of (validator.spec.volumeClaimTemplates ?? []).entries()) {
        for (const field of ["dataSource", "dataSourceRef"] as const) {
          if (spec?.[field] === undefined) continue;
          const { kind, name } = spec[field];
          const message = `must not be set: ${kind} ${name} has an older signing state than the key`;
          yield finding(validator, `spec.volumeClaimTemplates[${i}].spec.${field}`, message);
        }
      }
    }
  },
} satisfies Rule;
