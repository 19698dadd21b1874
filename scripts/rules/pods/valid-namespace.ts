import { namespaces } from "../../objects/shapes/namespace.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-namespace",
  why: "The namespace refuses every pod that asks for more than the restricted standard allows, and deleting it deletes the network.",
  fix: "Restore the namespace in generators/components/namespace.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["Namespace"], namespaces(network));
  },
} satisfies Rule;
