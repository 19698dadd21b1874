import { sibling, waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-services-first",
  why: "A peer whose name does not resolve when a node starts is never dialled again.",
  fix: "Remove the sync wave of the validator's Service in generators/components/validator/base.ts: wave 0 comes first.",
  brokenBy: "generator",
  *check(manifests) {
    const validators = validatorSets(manifests);
    const first = Math.min(...validators.map(waveOf));
    for (const validator of validators) {
      const service = sibling(manifests, validator, "Service", validator.spec.serviceName);
      if (!service || waveOf(service) < first) continue;
      const message = `must be in a wave before ${first}, the first validator's; is in wave ${waveOf(service)}`;
      yield finding(service, "metadata.annotations", message);
    }
  },
} satisfies Rule;
