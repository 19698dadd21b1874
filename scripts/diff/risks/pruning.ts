import { isHook, type Manifest } from "../../objects/manifests.ts";
import type { Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

/** What Argo CD does with an object that is in git no more. */
export function pruning(manifest: Manifest): "at the end" | "after confirmation" | "never" {
  const options = manifest.metadata.annotations?.["argocd.argoproj.io/sync-options"]?.split(",") ?? [];
  if (options.includes("Prune=false")) return "never";
  return options.includes("Prune=confirm") ? "after confirmation" : "at the end";
}

const words = {
  "at the end": "pruned at the end of the sync",
  "after confirmation":
    "deleted only after `argocd app confirm-deletion`; until then the sync waits, and takes up no new commit",
  never: "in the cluster for good: Argo CD never prunes",
};

/** Objects that go, by what becomes of them. A hook is no part of what a cluster keeps. */
export function* prunes({ objects, is }: Push): Iterable<Consequence> {
  // Without an overlay there is nothing that Argo CD could sync.
  if (is.manifests.length === 0) return;
  const gone = objects.flatMap(({ id, was, is }) => (was && !is && !isHook(was) ? [{ id, how: pruning(was) }] : []));
  for (const [how, group] of Map.groupBy(gone, (each) => each.how)) {
    const ids = group.map(({ id }) => id);
    const verb = how === "never" ? "stay" : ids.length === 1 ? "is" : "are";
    const message = `${listed(ids)} ${verb}${how === "never" && ids.length === 1 ? "s" : ""} ${words[how]}${how === "never" ? (ids.length === 1 ? " it" : " them") : ""}.`;
    yield { risk: "changes without a restart", message };
  }
}
