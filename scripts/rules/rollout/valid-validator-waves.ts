import { batchSize, waveAnnotation } from "generators/network/rollout.ts";
import { waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = `metadata.annotations["${waveAnnotation}"]`;

export default {
  id: "valid-validator-waves",
  why: "Validators of one wave restart together; more of them than the rollout allows halt the chain.",
  fix: "Restore validatorWave in generators/network/rollout.ts: waves follow from the network's `rollout`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const validators = validatorSets(manifests);
    const waves = Map.groupBy(validators, waveOf);
    for (const validator of validators.filter((each) => waveOf(each) < 1)) {
      yield finding(validator, field, `must be 1 or more, after Services and keys; is ${waveOf(validator)}`);
    }
    const most = batchSize(network);
    for (const [wave, members] of waves) {
      for (const surplus of members.slice(most)) {
        yield finding(surplus, field, `wave ${wave} has ${members.length} validators; the rollout allows ${most}`);
      }
    }
    const [first] = validators;
    if (first && network.rollout === "all-at-once" && waves.size > 1) {
      yield finding(first, field, `the rollout all-at-once needs one wave; there are ${waves.size}`);
    }
  },
} satisfies Rule;
