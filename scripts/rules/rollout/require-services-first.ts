import { ofKind, sibling, waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-services-first",
  why: "A peer whose name does not resolve when a node starts is never dialled again.",
  fix: "Leave Services in wave 0 and Ingresses in the wave after the last validator.",
  *check(manifests) {
    const waves = validatorSets(manifests).map(waveOf);
    for (const validator of validatorSets(manifests)) {
      const service = sibling(manifests, validator, "Service", validator.spec.serviceName);
      if (service && waveOf(service) >= Math.min(...waves)) {
        yield finding(
          service,
          "metadata.annotations",
          `comes in wave ${waveOf(service)}, with or after the first validator`,
        );
      }
    }
    for (const ingress of ofKind(manifests, "Ingress")) {
      if (waves.length > 0 && waveOf(ingress) <= Math.max(...waves)) {
        yield finding(
          ingress,
          "metadata.annotations",
          `comes in wave ${waveOf(ingress)} and would hold validators back`,
        );
      }
    }
  },
} satisfies Rule;
