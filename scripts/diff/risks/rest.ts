import { isHook } from "../../objects/manifests.ts";
import type { ChangedObject } from "../objects.ts";
import { isRestarted, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

const risk = "changes without a restart";

/** Whatever changes and restarts nothing, so that no change goes unsaid. */
export function* rest({ objects, was, is }: Push): Iterable<Consequence> {
  if (is.manifests.length === 0 && was.manifests.length > 0) {
    yield {
      risk,
      message: "The overlay is gone: Argo CD can't sync it any more, and everything stays in the cluster as it is.",
    };
    return;
  }
  const plain = objects.filter((each) => !isHook((each.is ?? each.was) as NonNullable<ChangedObject["is"]>));
  const created = plain.filter((each) => !each.was).map(({ id }) => id);
  if (created.length > 0) yield { risk, message: `${listed(created)} ${created.length === 1 ? "is" : "are"} new.` };
  const others = plain.filter(
    (each) => each.was && each.is && !isWorkloadThatRestarts(each) && !isTaken(objects, each.id),
  );
  const changed = others.filter((each) => !isNote(each)).map(({ id }) => id);
  if (changed.length > 0)
    yield { risk, message: `${listed(changed)} change${changed.length === 1 ? "s" : ""} in place.` };
  if (others.length > 0 && others.length === plain.length && changed.length === 0) {
    yield { risk, message: "The notes of the gates change: the gates ask the chain once more, and nothing restarts." };
  }
  const hooks = objects.length - plain.length;
  if (hooks > 0 && plain.length === 0) {
    yield { risk, message: "Hooks alone change: Argo CD starts no sync for them, and runs them so with the next one." };
  }
}

/** What gates note of a batch that was rolled out. It changes with whatever restarts validators. */
const isNote = ({ id, is }: ChangedObject) => id.startsWith("ConfigMap/") && is?.metadata.labels?.type === "gate";

/** Whether pods take a ConfigMap's new content: they are what the reader needs to know of. */
const isTaken = (objects: readonly ChangedObject[], id: string) =>
  objects.some(({ fields }) => fields.some(({ note }) => note === `takes the new content of ${id}`));

function isWorkloadThatRestarts({ was, is }: ChangedObject): boolean {
  const [before, now] = [was, is] as unknown as Parameters<typeof isRestarted>[0]["was"][];
  return Boolean(
    before?.spec?.template && now?.spec?.template && was?.kind !== "Job" && isRestarted({ was: before, is: now }),
  );
}
