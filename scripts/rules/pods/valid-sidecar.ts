import { sidecar } from "../../objects/shapes/sidecar.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-sidecar",
  why: "The sidecar holds the access key of the Ethereum node, and its pod needs nothing but that.",
  fix: "Restore what the finding names in generators/components/ethereum-sidecar.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["Deployment"], sidecar(network));
  },
} satisfies Rule;
