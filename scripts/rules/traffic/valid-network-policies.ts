import { keylessPolicies } from "../../objects/shapes/keyless-policies.ts";
import { policies } from "../../objects/shapes/policies.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-network-policies",
  why: "A way that is closed stops the blocks, and one that nobody needs is a way for an intruder.",
  fix: "Restore what the finding names in generators/components/network-policies.ts, generators/components/keyless/policies.ts or generators/components/snapshots.ts; a network opens ways with `expose`, `clients`, `stateSync`, `gke`, `monitoring`, `peers`, `rpcNodes`, `seedNodes`, `snapshots`, `connectSidecar` and `ethereumSidecar`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["NetworkPolicy"], [...policies(network), ...keylessPolicies(network)]);
  },
} satisfies Rule;
