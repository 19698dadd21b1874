import type { Topic } from "../rule.ts";
import noMissingConfigMap from "./no-missing-config-map.ts";
import noMissingSealedSecret from "./no-missing-sealed-secret.ts";
import noRestoredValidators from "./no-restored-validators.ts";
import requireGuaranteedMemory from "./require-guaranteed-memory.ts";
import validKeylessNodes from "./valid-keyless-nodes.ts";
import validNamespace from "./valid-namespace.ts";
import validPriorityClass from "./valid-priority-class.ts";
import validSidecar from "./valid-sidecar.ts";
import validSnapshots from "./valid-snapshots.ts";
import validValidators from "./valid-validators.ts";

export default {
  title: "Pods: how they start, stop, and what they need and may do",
  rules: [
    validSidecar,
    validNamespace,
    validPriorityClass,
    validValidators,
    validKeylessNodes,
    validSnapshots,
    noRestoredValidators,
    requireGuaranteedMemory,
    noMissingConfigMap,
    noMissingSealedSecret,
  ],
} satisfies Topic;
