import { finding, type Rule } from "../rule.ts";

const prefix = "argocd.argoproj.io/";
const options = `${prefix}sync-options`;

export default {
  id: "no-replacement",
  why: "Argo CD deletes and makes anew what it replaces or runs as a hook: two pods of one validator could overlap.",
  fix: "Take the annotation away; what is immutable changes by the steps of a runbook.",
  *check(manifests) {
    for (const manifest of manifests) {
      const annotations = manifest.metadata.annotations ?? {};
      for (const option of annotations[options]?.split(",") ?? []) {
        if (!["Replace=true", "Force=true"].includes(option.trim())) continue;
        yield finding(manifest, `metadata.annotations["${options}"]`, `must not hold ${option.trim()}`);
      }
      for (const key of [`${prefix}hook`, `${prefix}hook-delete-policy`].filter((each) => each in annotations)) {
        yield finding(manifest, `metadata.annotations["${key}"]`, "must not be set");
      }
    }
  },
} satisfies Rule;
