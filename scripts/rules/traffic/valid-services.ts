import { services } from "../../objects/shapes/services.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-services",
  why: "Behind a Service that leads elsewhere peers find no p2p and gates no answer, and the public finds what is not meant for it.",
  fix: "Restore what the finding names in generators/components/validator/base.ts, generators/components/validator/overlay.ts, generators/components/json-rpc.ts, generators/components/keyless/services.ts, generators/components/connect.ts or generators/components/ethereum-sidecar.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["Service"], services(network));
  },
} satisfies Rule;
