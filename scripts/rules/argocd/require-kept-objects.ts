import { ofKind } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const annotation = "argocd.argoproj.io/sync-options";

export default {
  id: "require-kept-objects",
  why: "Deleting the Application would stop the chain, or take keys that only git still has.",
  fix: "Add the option to the object's argocd.argoproj.io/sync-options.",
  *check(manifests) {
    const wanted = [
      ...validatorSets(manifests).map((manifest) => ({ manifest, options: ["Delete=false"] })),
      ...ofKind(manifests, "SealedSecret").map((manifest) => ({ manifest, options: ["Delete=false", "Prune=false"] })),
      ...ofKind(manifests, "Namespace").map((manifest) => ({ manifest, options: ["Delete=false", "Prune=false"] })),
    ];
    for (const { manifest, options } of wanted) {
      const present = manifest.metadata.annotations?.[annotation]?.split(",") ?? [];
      for (const option of options.filter((each) => !present.includes(each))) {
        yield finding(manifest, `metadata.annotations["${annotation}"]`, `must hold ${option}`);
      }
    }
  },
} satisfies Rule;
