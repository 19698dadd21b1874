import { finding, type Rule } from "../rule.ts";

const prefix = "argocd.argoproj.io/";
const options = `${prefix}sync-options`;

export default {
  id: "no-recreated-objects",
  why: "Argo CD deletes and recreates what it replaces or runs as a hook: two pods of one validator could overlap.",
  fix: "Remove the annotation from the generator that writes it, in generators/components; a runbook says how an immutable field changes.",
  brokenBy: "generator",
  *check(manifests) {
    for (const manifest of manifests) {
      const annotations = manifest.metadata.annotations ?? {};
      for (const option of annotations[options]?.split(",") ?? []) {
        if (!["Replace=true", "Force=true"].includes(option.trim())) continue;
        yield finding(manifest, `metadata.annotations["${options}"]`, `must not include ${option.trim()}`);
      }
      // Gates are hooks, and have a shape of their own.
      if (manifest.kind === "Job") continue;
      for (const key of [`${prefix}hook`, `${prefix}hook-delete-policy`].filter((each) => each in annotations)) {
        yield finding(manifest, `metadata.annotations["${key}"]`, "must not be set");
      }
    }
  },
} satisfies Rule;
