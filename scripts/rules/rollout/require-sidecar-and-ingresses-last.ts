import { ofKind, waveOf } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-sidecar-and-ingresses-last",
  why: "The sidecar waits for Ethereum and an Ingress for its address; before the validators they would hold back what repairs the chain.",
  fix: "Restore the sync wave, lastWave, in generators/components/ethereum-sidecar.ts or generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const last = Math.max(...validatorSets(manifests).map(waveOf));
    for (const manifest of [...ofKind(manifests, "Deployment"), ...ofKind(manifests, "Ingress")]) {
      if (waveOf(manifest) > last) continue;
      const message = `must be in a wave after ${last}, the last validator's; is in wave ${waveOf(manifest)}`;
      yield finding(manifest, "metadata.annotations", message);
    }
  },
} satisfies Rule;
