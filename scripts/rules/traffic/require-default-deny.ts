import type { NetworkPolicy } from "kubernetes-types/networking/v1.js";
import { ofKind, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-default-deny",
  why: "Pods that no policy selects may talk to everybody, and everybody to them.",
  fix: "Restore the default-deny policy in generators/components/network-policies.ts, and the `app` label of the pods.",
  brokenBy: "generator",
  *check(manifests) {
    const denials = ofKind<NetworkPolicy>(manifests, "NetworkPolicy").filter(
      ({ spec }) => !spec?.ingress?.length && !spec?.egress?.length && spec?.policyTypes?.length === 2,
    );
    for (const { manifest, template } of workloads(manifests)) {
      const isDenied = denials.some(
        ({ metadata, spec }) =>
          metadata.namespace === manifest.metadata.namespace &&
          Object.entries(spec?.podSelector.matchLabels ?? {}).every(
            ([key, value]) => template.metadata?.labels?.[key] === value,
          ),
      );
      if (!isDenied)
        yield finding(manifest, "spec.template.metadata.labels", "must be selected by a default-deny NetworkPolicy");
    }
  },
} satisfies Rule;
