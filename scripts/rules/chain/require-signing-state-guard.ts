import { preflight } from "generators/components/validator/preflight.ts";
import { nodeHome } from "generators/network/names.ts";
import { containers } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const data = `${nodeHome}/data`;

export default {
  id: "require-signing-state-guard",
  why: "A node without its keys makes new ones, and one that has lost its signing state signs a height twice.",
  fix: "Restore the preflight container in generators/components/validator/pod.ts, or the mounted claim in generators/components/validator/volumes.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    for (const validator of validatorSets(manifests)) {
      const { spec } = validator;
      const wanted = preflight(network, Number(validator.metadata.labels?.id));
      if (!spec.template.spec?.initContainers?.some(({ args }) => args?.[0] === wanted)) {
        yield finding(validator, "spec.template.spec.initContainers", "must run this validator's preflight script");
      }
      const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
      for (const { container, field } of containers(spec.template)) {
        const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === data);
        if (mount && claims.includes(mount.name) && !mount.subPath) continue;
        yield finding(validator, `${field}.volumeMounts`, `must mount a claim of the StatefulSet at ${data}`);
      }
    }
  },
} satisfies Rule;
