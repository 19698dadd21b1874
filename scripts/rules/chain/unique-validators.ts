import type { Service } from "kubernetes-types/core/v1.js";
import { type Manifest, sibling } from "../../objects/manifests.ts";
import { nodeContainer, type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const addresses = "networking.gke.io/load-balancer-ip-addresses";

export default {
  id: "unique-validators",
  why: "Two validators with the same volume, name or address overwrite each other's state, or hide each other from peers.",
  fix: "Restore what follows from a validator's index in generators/components/validator/base.ts and generators/components/validator/overlay.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const owners = new Map<string, Manifest>();
    for (const validator of validatorSets(manifests)) {
      for (const { object, field, what, value } of belongings(manifests, validator)) {
        if (value === undefined) continue;
        const owner = owners.get(`${what} ${value}`);
        owners.set(`${what} ${value}`, owner ?? validator);
        if (owner) yield finding(object, field, `${what} ${value} already belongs to ${owner.metadata.name}`);
      }
    }
  },
} satisfies Rule;

/** What a validator must share with no other, and where it stands. */
function belongings(manifests: readonly Manifest[], validator: ValidatorSet) {
  const service = sibling<Service>(manifests, validator, "Service", validator.spec.serviceName);
  const { args = [], env = [] } = nodeContainer(validator) ?? {};
  const pod = "spec.template.spec";
  const claims = (validator.spec.template.spec?.volumes ?? []).map(({ persistentVolumeClaim }, i) => ({
    object: validator,
    field: `${pod}.volumes[${i}].persistentVolumeClaim`,
    what: "claim",
    value: persistentVolumeClaim?.claimName,
  }));
  const own = (what: string, field: string, value: string | undefined) => ({ object: validator, field, what, value });
  return [
    ...claims,
    own("id", "metadata.labels.id", validator.metadata.labels?.id),
    own("Service", "spec.serviceName", validator.spec.serviceName),
    own("moniker", `${pod}.containers[0].args`, args[args.indexOf("--moniker") + 1]),
    own("host", `${pod}.containers[0].env`, env.find(({ name }) => name === "MEZOD_P2P_EXTERNAL_ADDRESS")?.value),
    ...(service
      ? [
          {
            object: service,
            field: `metadata.annotations["${addresses}"]`,
            what: "address",
            value: service.metadata.annotations?.[addresses],
          },
          { object: service, field: "spec.loadBalancerIP", what: "address", value: service.spec?.loadBalancerIP },
        ]
      : []),
  ];
}
