import type { PodSpec, ResourceRequirements, SecurityContext } from "kubernetes-types/core/v1.js";
import { clientRequests } from "../network/machines.ts";

// The user that distroless images call nonroot. The node's image runs as this user.
const uid = 65532;

/** What Kubernetes' restricted pod security standard asks of a container, and a root file system that is read-only. */
export const restrictedContainer: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** What the restricted standard asks of a pod, without a token: but for the job that makes snapshots, no pod talks to the API server. */
export const restrictedPod = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    // The owner of a volume's many gigabytes is changed once, and not at every start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
} satisfies Partial<PodSpec>;

/**
 * What a container requests. Its memory is its limit, too: what may take more than it asked for is evicted or killed when
 * its machine runs out, in the middle of a write. Nothing else is limited, because a throttled node votes late, and a pod
 * over a limit of ephemeral storage is evicted.
 */
export const resources = ({ cpu, memory }: { cpu: string; memory: string }, disk: string): ResourceRequirements => ({
  requests: { cpu, memory, "ephemeral-storage": disk },
  limits: { memory },
});

/** The resources of a container that runs mezod or kubectl as a client. */
export const clientResources = resources(clientRequests, "256Mi");
