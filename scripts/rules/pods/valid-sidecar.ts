import { connects } from "../../objects/shapes/connect.ts";
import { sidecar } from "../../objects/shapes/sidecar.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-sidecar",
  why: "The ethereum-sidecar holds the access key of the Ethereum node, and Connect tells its validator prices; their pods need nothing but that.",
  fix: "Restore what the finding names in generators/components/ethereum-sidecar.ts or generators/components/connect.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["Deployment"], [...sidecar(network), ...connects(network)]);
  },
} satisfies Rule;
