import type { Topic } from "../rule.ts";
import noMissingConfigMap from "./no-missing-config-map.ts";
import noMissingGoverningService from "./no-missing-governing-service.ts";
import noMissingProbePort from "./no-missing-probe-port.ts";
import noMissingSealedSecret from "./no-missing-sealed-secret.ts";
import noMissingVolume from "./no-missing-volume.ts";
import noTokenMounts from "./no-token-mounts.ts";
import requireGracePeriod from "./require-grace-period.ts";
import requireMemoryHeadroom from "./require-memory-headroom.ts";
import requireNodeAsPid1 from "./require-node-as-pid-1.ts";
import requireOneReplica from "./require-one-replica.ts";
import requirePatientProbes from "./require-patient-probes.ts";
import requirePodSpread from "./require-pod-spread.ts";
import requireRestrictedPods from "./require-restricted-pods.ts";
import requireRetainedVolumes from "./require-retained-volumes.ts";
import requireTypedClaimTemplates from "./require-typed-claim-templates.ts";
import uniquePodSelectors from "./unique-pod-selectors.ts";

export default {
  title: "Pods: how they start, stop, and what they need and may do",
  rules: [
    requireOneReplica,
    requireGracePeriod,
    requirePatientProbes,
    requireNodeAsPid1,
    requireRetainedVolumes,
    requirePodSpread,
    requireRestrictedPods,
    noTokenMounts,
    requireMemoryHeadroom,
    uniquePodSelectors,
    requireTypedClaimTemplates,
    noMissingConfigMap,
    noMissingSealedSecret,
    noMissingVolume,
    noMissingProbePort,
    noMissingGoverningService,
  ],
} satisfies Topic;
