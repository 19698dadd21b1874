import type { NetworkPolicy, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import { type Manifest, ofKind, selects } from "./manifests.ts";

/** The NetworkPolicies that select a workload's pods. */
export const policiesOf = (manifests: readonly Manifest[], workload: Manifest) =>
  ofKind<NetworkPolicy>(manifests, "NetworkPolicy").filter((policy) =>
    selects(manifests, policy, policy.spec?.podSelector.matchLabels, workload),
  );

/** Whether a policy's rule opens a port; a rule without ports opens all of them. */
export const opensPort = (ports: readonly NetworkPolicyPort[] | undefined, port: number, protocol = "TCP") =>
  !ports || ports.some((each) => each.port === port && (each.protocol ?? "TCP") === protocol);
