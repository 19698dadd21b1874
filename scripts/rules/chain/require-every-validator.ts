import { nodeName, validatorLabels } from "generators/network/names.ts";
import { errorAt } from "../../lib/finding.ts";
import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-every-validator",
  why: "A validator that leaves the overlay is pruned, and one without its labels is not recognised as a validator.",
  fix: "Restore names and labels in generators/network/names.ts, and the list of validators in generators/components/overlay-root.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const wanted = new Map(network.validators.map(({ index }) => [nodeName(network, index), index]));
    const sets = ofKind(manifests, "StatefulSet");
    for (const [name, index] of wanted) {
      const set = sets.find(({ metadata }) => metadata.name === name);
      if (!set) {
        yield errorAt(`StatefulSet/${name}`, "", "is missing");
        continue;
      }
      for (const [key, value] of Object.entries(validatorLabels(network, index))) {
        const present = set.metadata.labels?.[key];
        if (present !== value) yield finding(set, `metadata.labels.${key}`, `must be ${value}, is ${present}`);
      }
    }
    for (const validator of validatorSets(manifests)) {
      if (!wanted.has(validator.metadata.name))
        yield finding(validator, "metadata.name", "is not a validator of the network");
    }
  },
} satisfies Rule;
