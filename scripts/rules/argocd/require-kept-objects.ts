import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const annotation = "argocd.argoproj.io/sync-options";

export default {
  id: "require-kept-objects",
  why: "Deleting the Application would stop the chain, or take keys that only git still has.",
  fix: "Restore the sync options in generators/components/validator/base.ts, generators/components/namespace.ts or scripts/seal/sealed-secret.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const wanted = [
      ...validatorSets(manifests).map((manifest) => ({ manifest, options: ["Delete=false"] })),
      ...ofKind(manifests, "SealedSecret").map((manifest) => ({ manifest, options: ["Delete=false", "Prune=false"] })),
      ...ofKind(manifests, "Namespace").map((manifest) => ({ manifest, options: ["Delete=false", "Prune=false"] })),
    ];
    for (const { manifest, options } of wanted) {
      const present = manifest.metadata.annotations?.[annotation]?.split(",") ?? [];
      for (const option of options.filter((each) => !present.includes(each))) {
        yield finding(manifest, `metadata.annotations["${annotation}"]`, `must include ${option}`);
      }
    }
  },
} satisfies Rule;
