import { batchSize } from "generators/rollout.ts";
import { validatorSets } from "../validators.ts";
import { finding, type Rule } from "./rule.ts";

const annotation = "argocd.argoproj.io/sync-wave";

export default {
  id: "waves-follow-rollout",
  why: "Validators of one wave restart together: more than the rollout allows, and the chain halts.",
  *check(manifests, network) {
    if (!network) return;
    const most = batchSize(network);
    const members = new Map<string, number>();
    for (const validator of validatorSets(manifests)) {
      const wave = validator.metadata.annotations?.[annotation] ?? "0";
      const count = (members.get(wave) ?? 0) + 1;
      members.set(wave, count);
      const field = `metadata.annotations["${annotation}"]`;
      if (Number(wave) < 1) yield finding(validator, field, `is wave ${wave}: Services and keys must come before it`);
      if (count > most)
        yield finding(validator, field, `is the ${count}. validator of wave ${wave}, which takes ${most}`);
    }
    if (network.rollout === "all-at-once" && members.size > 1) {
      const [first] = validatorSets(manifests);
      if (first)
        yield finding(
          first,
          `metadata.annotations["${annotation}"]`,
          `all-at-once needs one wave, not ${members.size}`,
        );
    }
  },
} satisfies Rule;
