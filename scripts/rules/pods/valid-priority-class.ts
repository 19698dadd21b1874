import { priorityClasses } from "../../objects/shapes/priority.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-priority-class",
  why: "Without its PriorityClass the API server refuses every new pod of a validator, and one that others share decides what else is evicted.",
  fix: "Restore the PriorityClass in generators/components/priority.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["PriorityClass"], priorityClasses(network));
  },
} satisfies Rule;
