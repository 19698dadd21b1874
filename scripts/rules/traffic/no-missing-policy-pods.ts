import type { NetworkPolicy, NetworkPolicyPeer } from "kubernetes-types/networking/v1.js";
import { ofKind, selected } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-policy-pods",
  why: "A NetworkPolicy whose labels match no pods protects nothing, or opens a way to nowhere.",
  fix: "Restore the selectors in generators/components/network-policies.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const policy of ofKind<NetworkPolicy>(manifests, "NetworkPolicy")) {
      for (const { field, labels } of selectors(policy)) {
        if (selected(manifests, policy, labels).length > 0) continue;
        yield finding(policy, field, `selects no pods: ${JSON.stringify(labels)}`);
      }
    }
  },
} satisfies Rule;

/** The policy's own selector, and those of peers in its namespace. */
function selectors({ spec }: NetworkPolicy) {
  const own = { field: "spec.podSelector", labels: spec?.podSelector.matchLabels };
  const peers = (list: NetworkPolicyPeer[] = [], field: string) =>
    list.flatMap(({ podSelector, namespaceSelector }, i) =>
      podSelector && !namespaceSelector
        ? [{ field: `${field}[${i}].podSelector`, labels: podSelector.matchLabels }]
        : [],
    );
  return [
    own,
    ...(spec?.ingress ?? []).flatMap(({ from }, i) => peers(from, `spec.ingress[${i}].from`)),
    ...(spec?.egress ?? []).flatMap(({ to }, i) => peers(to, `spec.egress[${i}].to`)),
  ];
}
