import { volumeSources, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-token-mounts",
  why: "Whoever breaks into a pod with a token talks to the API server in its name.",
  fix: "Set automountServiceAccountToken to false, and mount no token: nothing here talks to the API server.",
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
