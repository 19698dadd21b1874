import type { Topic } from "../rule.ts";
import noMissingConfigMap from "./no-missing-config-map.ts";
import noMissingSealedSecret from "./no-missing-sealed-secret.ts";
import requireMemoryHeadroom from "./require-memory-headroom.ts";
import validNamespace from "./valid-namespace.ts";
import validSidecar from "./valid-sidecar.ts";
import validValidators from "./valid-validators.ts";

export default {
  title: "Pods: how they start, stop, and what they need and may do",
  rules: [
    validSidecar,
    validNamespace,
    validValidators,
    requireMemoryHeadroom,
    noMissingConfigMap,
    noMissingSealedSecret,
  ],
} satisfies Topic;
