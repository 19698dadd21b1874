import { batchSize, waveAnnotation } from "generators/network/rollout.ts";
import { waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = `metadata.annotations["${waveAnnotation}"]`;

export default {
  id: "valid-validator-waves",
  why: "Validators of one wave restart together: more than the rollout allows, and the chain halts.",
  fix: "Say what you want in the network's `rollout`; waves follow from it.",
  *check(manifests, network) {
    if (!network) return;
    const most = batchSize(network);
    const members = new Map<number, number>();
    for (const validator of validatorSets(manifests)) {
      const wave = waveOf(validator);
      const count = (members.get(wave) ?? 0) + 1;
      members.set(wave, count);
      if (wave < 1) yield finding(validator, field, `is wave ${wave}: Services and keys must come before it`);
      if (count > most)
        yield finding(validator, field, `is the ${count}. validator of wave ${wave}, which takes ${most}`);
    }
    if (network.rollout === "all-at-once" && members.size > 1) {
      const [first] = validatorSets(manifests);
      if (first) yield finding(first, field, `all-at-once needs one wave, not ${members.size}`);
    }
  },
} satisfies Rule;
