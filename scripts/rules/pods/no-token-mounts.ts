import { volumeSources, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-token-mounts",
  why: "Whoever breaks into a pod with a token can talk to the API server in its name.",
  fix: "Restore restrictedPod in generators/components/security.ts: nothing here talks to the API server.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      if (template.spec?.automountServiceAccountToken !== false) {
        yield finding(manifest, "spec.template.spec.automountServiceAccountToken", "must be false");
      }
      for (const { source, field } of volumeSources(template)) {
        if ("serviceAccountToken" in source) yield finding(manifest, `${field}.serviceAccountToken`, "must not be set");
      }
    }
  },
} satisfies Rule;
