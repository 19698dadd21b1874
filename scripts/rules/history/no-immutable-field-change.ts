import { type ImmutableChange, immutableChanges } from "../../objects/immutable-fields.ts";
import { identity, isHook } from "../../objects/manifests.ts";
import { hasRun } from "../../objects/placements.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-immutable-field-change",
  why: "The API server refuses the object, so the sync fails for ever, and no later push gets through.",
  fix: "Put the value back; docs/runbooks/immutable-fields.md says how such a field is changed.",
  brokenBy: "network",
  *check(manifests, network, before = []) {
    const reported = new Set<string>();
    for (const { commit, placement, manifests: then = [] } of before) {
      // No cluster keeps the objects of a network that nobody deploys and that never ran.
      if (!network?.argocd && !(placement && hasRun(placement))) continue;
      const earlier = new Map(then.map((manifest) => [identity(manifest), manifest]));
      for (const manifest of manifests.filter((each) => !isHook(each))) {
        const was = earlier.get(identity(manifest));
        if (!was) continue;
        for (const change of immutableChanges(was, manifest)) {
          const place = `${identity(manifest)} ${change.path}`;
          if (reported.has(place)) continue;
          reported.add(place);
          yield finding(manifest, change.path, messageOf(change, commit));
        }
      }
    }
  },
} satisfies Rule;

function messageOf({ path, was, is }: ImmutableChange, commit: string): string {
  const change = `was ${shown(was)} at commit ${commit} and is ${shown(is)}, but never changes on an object that exists`;
  const isVolume = path.startsWith("spec.volumeClaimTemplates");
  return isVolume ? `${change}: docs/runbooks/grow-a-volume.md says how volumes change` : change;
}

const shown = (value: unknown) => (value === undefined ? "unset" : JSON.stringify(value).slice(0, 90));
