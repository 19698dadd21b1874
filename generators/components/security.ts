import type { PodSpec, SecurityContext } from "kubernetes-types/core/v1.js";
import { shared } from "./shared-parts.ts";

/** The user that distroless images call nonroot; the node's image runs as it. */
const uid = 65532;

/** What Kubernetes' restricted pod security standard asks of a container, and a root file system nobody writes to. */
export const restrictedContainer = shared<SecurityContext>({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
});

/** What the same standard asks of a pod. No token: nothing here talks to the API server. */
export const restrictedPod = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: shared({
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    // A volume of many gigabytes is walked once, when it changes owner, and not at every start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  }),
} satisfies Partial<PodSpec>;
