import { nodeName, validatorLabels } from "generators/network/names.ts";
import { type Manifest, ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-every-validator",
  why: "A validator that leaves the overlay is pruned, and one that lost its labels is not known as one.",
  fix: "Take validators in and out by the network's list; their names and labels follow.",
  *check(manifests, network) {
    if (!network) return;
    const wanted = new Map(network.validators.map(({ index }) => [nodeName(network, index), index]));
    const sets = ofKind<Manifest>(manifests, "StatefulSet");
    for (const [name, index] of wanted) {
      const set = sets.find(({ metadata }) => metadata.name === name);
      if (!set) {
        yield { severity: "error", object: `StatefulSet/${name}`, field: "", message: "is missing" };
        continue;
      }
      for (const [key, value] of Object.entries(validatorLabels(network, index))) {
        const is = set.metadata.labels?.[key];
        if (is !== value) yield finding(set, `metadata.labels.${key}`, `must be ${value}, is ${is}`);
      }
    }
    for (const validator of validatorSets(manifests)) {
      if (!wanted.has(validator.metadata.name))
        yield finding(validator, "metadata.name", "is no validator of the network");
    }
  },
} satisfies Rule;
