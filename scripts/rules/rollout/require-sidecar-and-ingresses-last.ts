import { ofKind, waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-sidecar-last",
  why: "The sidecar is ready when Ethereum answers; before the validators it would hold back what mends them.",
  fix: "Leave its sync wave as `pnpm gen` writes it, after the last validator's.",
  *check(manifests) {
    const last = Math.max(...validatorSets(manifests).map(waveOf));
    for (const deployment of ofKind(manifests, "Deployment")) {
      if (waveOf(deployment) > last) continue;
      yield finding(deployment, "metadata.annotations", `comes in wave ${waveOf(deployment)}, and must after ${last}`);
    }
  },
} satisfies Rule;
