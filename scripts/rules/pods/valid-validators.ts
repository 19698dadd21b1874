import { keyless } from "../../objects/shapes/keyless.ts";
import { validators } from "../../objects/shapes/validator.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-validators",
  why: "Any field of a validator's pod that is not as it must be can make its key sign twice, lose what it signed, or stop the chain.",
  fix: "Restore what the finding names in generators/components/validator/base.ts, generators/components/validator/overlay.ts, pod.ts or sidecar.ts beside it.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const others = keyless(network).map(({ name }) => name);
    const own = manifests.filter(({ kind, metadata }) => kind !== "StatefulSet" || !others.includes(metadata.name));
    yield* unexpected(own, ["StatefulSet"], validators(network));
  },
} satisfies Rule;
