import { ofKind, sibling } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const annotation = "argocd.argoproj.io/sync-options";

export default {
  id: "require-kept-objects",
  why: "Deleting the Application would stop the chain, or take keys that only git still has; a validator goes only when a person confirms it.",
  fix: "Restore the sync options in generators/components/validator/base.ts, generators/components/namespace.ts, generators/components/priority.ts or scripts/seal/sealed-secret.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const validators = validatorSets(manifests);
    const services = validators.flatMap((each) => sibling(manifests, each, "Service", each.spec.serviceName) ?? []);
    const wanted = [
      ...[...validators, ...services].map((manifest) => ({ manifest, options: ["Delete=false", "Prune=confirm"] })),
      ...["SealedSecret", "Namespace", "PriorityClass"]
        .flatMap((kind) => ofKind(manifests, kind))
        .map((manifest) => ({ manifest, options: ["Delete=false", "Prune=false"] })),
    ];
    for (const { manifest, options } of wanted) {
      const present = manifest.metadata.annotations?.[annotation]?.split(",") ?? [];
      for (const option of options.filter((each) => !present.includes(each))) {
        yield finding(manifest, `metadata.annotations["${annotation}"]`, `must include ${option}`);
      }
    }
  },
} satisfies Rule;
